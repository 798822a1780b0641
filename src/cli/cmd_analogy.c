/* w2v analogy: king - man + woman. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"

static const struct opt options[] = {
    QUERY_K("answers per query"),
    {"expr", 0, OPT_FLAG,
     .help = "each operand or input line is an expression of any length: 'king - man + woman', "
             "'0.5 * king + queen'; blanks separate words, operators and weights; a word in double "
             "quotes may hold blanks"},
    QUERY_METHOD("A", "B"),
    QUERY_RESTRICT("can be answers"),
    QUERY_CANDIDATES,
    QUERY_OOV,
    QUERY_CASE("exact"),
    OPEN_TOLERANT,
    QUERY_JSON,
};

/* Writes what stands before word i, such as " - " or "0.5 * ", to `text`. Returns its length. */
static size_t prefix(const struct query_word *word, size_t i, char text[64])
{
    const double size = fabs(word->weight);
    const char *sign = word->weight < 0 ? (i > 0 ? " - " : "- ") : i > 0 ? " + " : "";
    const int n = size < 1 || size > 1 ? snprintf(text, 64, "%s%g * ", sign, size)
                                       : snprintf(text, 64, "%s", sign);
    return (size_t)n;
}

/* "A - B + C". The caller frees it. NULL: out of memory. */
static char *expression(const struct query_asked *asked, size_t *n_bytes)
{
    char before[64];
    size_t n = 0;
    for (size_t i = 0; i < asked->n_words; i++) /* all in memory at once: no overflow */
        n += prefix(&asked->words[i], i, before) + asked->words[i].n_bytes;
    char *text = malloc(n);
    *n_bytes = n;
    n = 0;
    for (size_t i = 0; i < asked->n_words && text != NULL; i++) {
        const struct query_word *word = &asked->words[i];
        const size_t n_before = prefix(word, i, before);
        memcpy(text + n, before, n_before);
        memcpy(text + n + n_before, word->text, word->n_bytes);
        n += n_before + word->n_bytes;
    }
    return text;
}

static int answer(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error)
{
    int code = query_search(query, asked, n, error);
    for (size_t i = 0; code == W2V_OK && i < n; i++) {
        size_t n_text;
        char *text = expression(&asked[i], &n_text);
        if (text == NULL)
            code = query_no_memory(error);
        else
            query_print(query, i, text, n_text, "score");
        free(text);
    }
    return code;
}

static int run(const struct opt_args *args)
{
    static const double weights[] = {1, -1, 1};
    static const struct query_kind words = {.width = 3,
                                            .weights = weights,
                                            .least = 3,
                                            .search = true,
                                            .takes =
                                                "an analogy takes three words, A B C, or a sum, A "
                                                "- B + C; --expr takes expressions in quotes",
                                            .answer = answer};
    static const struct query_kind expressions = {.least = 1,
                                                  .search = true,
                                                  .expression = true,
                                                  .takes = "an expression, in quotes",
                                                  .answer = answer};
    return query_run(args, opt_flag(args, "expr") ? &expressions : &words);
}

const struct command cmd_analogy = {
    .name = "analogy",
    .summary = "A - B + C, as in king - man + woman",
    .usage = "analogy MODEL [A B C]... [options]\n"
             "analogy MODEL A - B + C... [options]\n"
             "analogy MODEL --expr [EXPRESSION]... [options]",
    .about = "Prints the words that best answer A - B + C, best first: QUERY<TAB>WORD<TAB>SCORE. "
             "QUERY is A - B + C. The score is the cosine to the sum A - B + C of unit vectors, or "
             "the quotient of 3CosMul with --method mul. A query's own words are never answers. A "
             "longer sum of words, with + and - as words between them, works without "
             "--expr." QUERY_ABOUT,
    .examples = "w2v analogy vec.bin king man woman\n"
                "w2v analogy vec.bin --expr 'paris - france + italy - 0.5 * big'",
    COMMAND_OPTIONS(options),
    .run = run,
};
