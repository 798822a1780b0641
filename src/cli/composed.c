/* Words composed of n-grams. See composed.h. */
#include "cli/composed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"

bool composed_add(struct composed *composed, const char *word, size_t n_bytes)
{
    for (size_t i = 0; i < composed->n_named; i++)
        if (composed->n_bytes[i] == n_bytes && memcmp(composed->words[i], word, n_bytes) == 0)
            return true;
    composed->more = composed->n_named == COMPOSED_NAMED;
    if (composed->more)
        return true;
    char *copy = malloc(n_bytes + 1);
    int64_t *folded = &composed->folded[composed->n_named];
    struct w2v_error error; /* not shown: the note is right without the hint */
    if (copy == NULL)
        return false;
    memcpy(copy, word, n_bytes);
    if (w2v_find_folded(composed->model, word, n_bytes, folded, &error) != W2V_OK)
        *folded = -1;
    composed->words[composed->n_named] = copy;
    composed->n_bytes[composed->n_named++] = n_bytes;
    return true;
}

enum { SHOWN = 40 /* bytes of a word */ };

/* Writes the i-th word, and the one of another case: "THE (the vocabulary has 'the')". */
static size_t name(const struct composed *composed, size_t i, char *text, size_t size)
{
    size_t n, used = (size_t)snprintf(text, size, "%s%.*s", i > 0 ? ", " : "",
                                      ui_shorten(composed->words[i], composed->n_bytes[i], SHOWN),
                                      composed->words[i]);
    if (composed->folded[i] < 0)
        return used;
    const char *other = w2v_word(composed->model, (size_t)composed->folded[i], &n);
    return used + (size_t)snprintf(text + used, size - used, " (the vocabulary has '%.*s')",
                                   ui_shorten(other, n, SHOWN), other);
}

static void say(const struct composed *composed)
{
    char text[COMPOSED_NAMED * (2 * SHOWN + 32) + 1] = "";
    const size_t n = composed->n_named;
    for (size_t i = 0, used = 0; i < n; i++)
        used += name(composed, i, text + used, sizeof text - used);
    ui_note("%s%zu word%s %s not in the vocabulary; %s computed from n-grams: %s%s",
            composed->more ? "more than " : "", n, ui_s(n), ui_are(n),
            n == 1 ? "its vector was" : "their vectors were", text,
            composed->more ? " and others" : "");
}

void composed_tell(struct composed *composed, bool quiet)
{
    if (composed->n_named > 0 && !quiet)
        say(composed);
    for (size_t i = 0; i < composed->n_named; i++)
        free(composed->words[i]);
    *composed = (struct composed){.model = composed->model};
}
