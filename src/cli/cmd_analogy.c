/* w2v analogy: king - man + woman. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {QUERY_K,   QUERY_METHOD,  QUERY_RESTRICT,
                                     QUERY_OOV, OPEN_TOLERANT, QUERY_JSON};

/* "A - B + C" in memory of the caller's, or NULL. */
static char *expression(const struct w2v_model *model, const size_t ids[3], size_t *n_bytes)
{
    static const char *const between[] = {" - ", " + ", ""};
    const char *words[3];
    size_t sizes[3], n = 0;
    for (int i = 0; i < 3; i++) {
        words[i] = w2v_word(model, ids[i], &sizes[i]);
        n += sizes[i] + strlen(between[i]); /* all three are in memory at once: no overflow */
    }
    char *text = malloc(n);
    *n_bytes = n;
    n = 0;
    for (int i = 0; i < 3 && text != NULL; i++) {
        memcpy(text + n, words[i], sizes[i]);
        memcpy(text + n + sizes[i], between[i], strlen(between[i]));
        n += sizes[i] + strlen(between[i]);
    }
    return text;
}

static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    static const enum w2v_method methods[] = {W2V_ADD, W2V_MUL};
    size_t k = query->search.k;
    int code = w2v_analogy(query->model, ids, n / 3, methods[opt_number(query->args, "method")],
                           &query->search, query->hits, query->n_hits, error);
    for (size_t i = 0; code == W2V_OK && i < n / 3; i++) {
        size_t n_text;
        char *text = expression(query->model, ids + 3 * i, &n_text);
        if (text == NULL) {
            *error = (struct w2v_error){W2V_ENOMEM, "out of memory for an answer"};
            code = W2V_ENOMEM;
        }
        for (size_t j = 0; text != NULL && j < query->n_hits[i]; j++) {
            const struct w2v_hit *hit = &query->hits[i * k + j];
            struct row_field row[] = {
                {"query", ROW_TEXT, .text = text, .n_bytes = n_text},
                {"word", ROW_TEXT, .text = NULL},
                {"score", ROW_REAL, .real = (double)hit->score},
            };
            row[1].text = w2v_word(query->model, hit->id, &row[1].n_bytes);
            row_print(query->json, row, 3);
        }
        free(text);
    }
    return code;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {.width = 3,
                                           .least = 3,
                                           .search = true,
                                           .takes = "an analogy takes three words, A B C",
                                           .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_analogy = {
    .name = "analogy",
    .summary = "A - B + C, as in king - man + woman",
    .usage = "analogy MODEL [A B C]... [options]",
    .about = "The words that best answer A - B + C, best first: \"A - B + C\"<TAB>WORD<TAB>SCORE, "
             "the query without quotes. The score is the cosine to A - B + C of unit vectors, or "
             "with --method mul the quotient of 3CosMul. A, B and C are never among the "
             "answers." QUERY_ABOUT,
    .examples = "w2v analogy vec.bin king man woman",
    COMMAND_OPTIONS(options),
    .run = run,
};
