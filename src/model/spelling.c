/* Spelling of words in files. See spelling.h. */
#include "model/spelling.h"

#include <stdlib.h>
#include <string.h>

#include "text/wordtable.h"

bool spelling_changes(const char *word, size_t n_bytes, struct banned banned)
{
    bool changes = n_bytes == 0;
    for (size_t i = 0; i < banned.n && !changes; i++)
        changes = memchr(word, banned.bytes[i], n_bytes) != NULL;
    return changes;
}

size_t spelling_write(char *to, const char *word, size_t n_bytes, struct banned banned)
{
    if (n_bytes == 0)
        to[n_bytes++] = '_';
    else
        memcpy(to, word, n_bytes);
    for (size_t i = 0; i < n_bytes; i++)
        if (memchr(banned.bytes, to[i], banned.n) != NULL)
            to[i] = '_';
    return n_bytes;
}

/* What a word becomes, and the different words that others have become. */
struct respelled {
    struct banned banned;
    char *text;
    size_t capacity;
    struct wordtable table;
};

/* Whether a word that is changed stays. `has` tells for each word of the model whether it is selected. */
static int stays(struct respelled *r, const struct selection *s, const char *word, size_t n_bytes,
                 const bool *has, bool *keep, struct w2v_error *error)
{
    uint32_t id;
    int status = mem_grow(&r->text, &r->capacity, n_bytes + 1, 1, "a word", error);
    if (status != W2V_OK)
        return status;
    n_bytes = spelling_write(r->text, word, n_bytes, r->banned);
    const int64_t twin = w2v_find(s->model, r->text, n_bytes);
    const size_t n = r->table.n_words;
    status = wordtable_add_word(&r->table, r->text, n_bytes, 1, &id, error);
    *keep = (twin < 0 || !has[twin]) && r->table.n_words > n;
    return status;
}

int spelling_leave_out(struct selection *s, struct banned banned, struct w2v_error *error)
{
    struct respelled r = {.banned = banned};
    bool *has = mem_calloc(s->model->n_words, sizeof *has, "a selection of words", error);
    int status = has != NULL ? W2V_OK : W2V_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < s->n && status == W2V_OK; i++)
        has[s->ids[i]] = true;
    for (size_t i = 0; i < s->n && status == W2V_OK; i++) {
        size_t n_bytes;
        const char *word = selection_word(s, i, &n_bytes);
        const bool changed = spelling_changes(word, n_bytes, banned);
        bool keep = true;
        if (changed)
            status = stays(&r, s, word, n_bytes, has, &keep, error);
        s->n_respelled += changed && keep;
        if (keep)
            s->ids[n++] = s->ids[i];
        else
            s->n_alike++;
    }
    if (status == W2V_OK)
        s->n = n;
    wordtable_release(&r.table);
    free(r.text);
    free(has);
    return status;
}
