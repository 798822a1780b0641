/*
 * Fuzz target: expressions. Any bytes are either refused with a message or parsed. Then words are
 * not empty and lie in the expression's own memory, and weights are finite. Written out again, with
 * every word in quotes, the terms are parsed to the same terms.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "w2v.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_expr: %s\n", what);
    abort();
}

#define REQUIRE(cond)    \
    do {                 \
        if (!(cond))     \
            fail(#cond); \
    } while (0)

/* Writes every word in quotes, with its weight in full. */
static char *write_out(const struct w2v_expression *expression, size_t n_bytes, size_t *n)
{
    char *text = malloc(expression->n_terms * 64 + 2 * n_bytes + 1);
    REQUIRE(text != NULL);
    *n = 0;
    for (size_t i = 0; i < expression->n_terms; i++) {
        const struct w2v_expression_term *term = &expression->terms[i];
        *n += (size_t)snprintf(text + *n, 64, "%s%.9g * ", term->weight < 0 ? " - " : " + ",
                               fabs(term->weight));
        text[(*n)++] = '"';
        for (size_t j = 0; j < term->n_bytes; j++) {
            if (term->word[j] == '"' || term->word[j] == '\\')
                text[(*n)++] = '\\';
            text[(*n)++] = term->word[j];
        }
        text[(*n)++] = '"';
    }
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct w2v_expression expression, again;
    struct w2v_error error = {0};
    const int status = w2v_parse_expression(&expression, (const char *)data, n_bytes, &error);
    if (status != W2V_OK) {
        REQUIRE(status == W2V_EARG && error.message[0] != '\0' && expression.terms == NULL);
        return 0;
    }
    REQUIRE(expression.n_terms > 0 && expression.n_terms <= W2V_MAX_TERMS);
    for (size_t i = 0; i < expression.n_terms; i++) {
        const struct w2v_expression_term *term = &expression.terms[i];
        REQUIRE(isfinite(term->weight) && term->n_bytes > 0 && term->word >= expression.text);
        REQUIRE(term->word + term->n_bytes <= expression.text + n_bytes);
    }
    size_t n;
    char *text = write_out(&expression, n_bytes, &n);
    REQUIRE(w2v_parse_expression(&again, text, n, &error) == W2V_OK);
    REQUIRE(again.n_terms == expression.n_terms);
    for (size_t i = 0; i < again.n_terms; i++) {
        const struct w2v_expression_term *a = &expression.terms[i], *b = &again.terms[i];
        REQUIRE(a->n_bytes == b->n_bytes && memcmp(a->word, b->word, a->n_bytes) == 0);
        REQUIRE(!(a->weight < b->weight) && !(a->weight > b->weight));
    }
    free(text);
    w2v_expression_release(&again);
    w2v_expression_release(&expression);
    return 0;
}
