/*
 * Expressions such as "king - man + woman" and "0.5 * king - \"new york\"". Operators must stand
 * between blanks, since words may have hyphens and other signs. So an expression is split at blanks
 * into operators, numbers in front of "*", and words. A word in double quotes may have blanks or
 * look like an operator; within quotes, a backslash makes the next character an ordinary one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"

struct expr_token {
    const char *word; /* without quotes, in the parser's `text` */
    size_t n_bytes;
    const char *at; /* where it begins in the expression */
    bool quoted;
};

struct expr_parser {
    const char *at, *end, *start;
    char *text; /* room for the words, without their quotes */
    struct w2v_error *error;
};

static int fail(const struct expr_parser *parser, const char *at, const char *what)
{
    return error_set(parser->error, W2V_EARG, "column %zu: %s", (size_t)(at - parser->start) + 1,
                     what);
}

/* Reads the next token; *any is false at the end. W2V_EARG: a quote is not closed. */
static int next(struct expr_parser *parser, struct expr_token *token, bool *any)
{
    while (parser->at < parser->end && bytes_is_white(*parser->at))
        parser->at++;
    *any = parser->at < parser->end;
    if (!*any)
        return W2V_OK;
    const char *const start = parser->at;
    *token = (struct expr_token){.word = parser->text, .at = start, .quoted = *start == '"'};
    if (token->quoted)
        parser->at++;
    for (;; parser->at++) {
        if (parser->at == parser->end && token->quoted)
            return fail(parser, start, "a quote is not closed");
        if (parser->at == parser->end || (!token->quoted && bytes_is_white(*parser->at)))
            break;
        if (token->quoted && *parser->at == '"') {
            parser->at++;
            if (parser->at < parser->end && !bytes_is_white(*parser->at))
                return fail(parser, parser->at, "a blank must follow a closing quote");
            break;
        }
        if (token->quoted && *parser->at == '\\' && parser->at + 1 < parser->end)
            parser->at++;
        *parser->text++ = *parser->at;
    }
    token->n_bytes = (size_t)(parser->text - token->word);
    return token->n_bytes > 0 ? W2V_OK : fail(parser, start, "an empty word");
}

static bool is_operator(const struct expr_token *token, const char *operators)
{
    return !token->quoted && token->n_bytes == 1 &&
           memchr(operators, *token->word, strlen(operators)) != NULL;
}

/* Whether "*" comes next. As the last token it would be a word. */
static bool product_follows(const struct expr_parser *parser)
{
    const char *at = parser->at;
    while (at < parser->end && bytes_is_white(*at))
        at++;
    return at < parser->end && *at == '*' && at + 1 < parser->end && bytes_is_white(at[1]);
}

/* Reads a term: a word, or a number, "*" and a word. `token` is its first token. */
static int read_term(struct expr_parser *parser, struct expr_token *token,
                     struct w2v_expression_term *term)
{
    double factor = 1;
    bool any = true;
    if (!token->quoted && product_follows(parser) &&
        number_parse_double(token->word, token->n_bytes, &factor)) {
        if (!isfinite(factor))
            return fail(parser, token->at, "a weight must be finite");
        int status = next(parser, token, &any); /* the "*" */
        if (status == W2V_OK)
            status = next(parser, token, &any);
        if (status != W2V_OK)
            return status;
    }
    if (!any || is_operator(token, "+-*"))
        return fail(parser, any ? token->at : parser->at,
                    "a word is missing; a word that looks like an operator needs quotes");
    term->word = token->word;
    term->n_bytes = token->n_bytes;
    term->weight *= factor;
    return W2V_OK;
}

static int parse(struct expr_parser *parser, struct w2v_expression *expression)
{
    for (bool first = true;; first = false) {
        struct expr_token token;
        bool any;
        int status = next(parser, &token, &any);
        if (status != W2V_OK)
            return status;
        if (!any)
            return first ? fail(parser, parser->at, "an empty expression") : W2V_OK;
        struct w2v_expression_term term = {.weight = 1};
        const bool is_sign = is_operator(&token, "+-");
        if (is_sign) {
            term.weight = *token.word == '-' ? -1 : 1;
            status = next(parser, &token, &any);
            if (status == W2V_OK && !any)
                status = fail(parser, parser->at, "a word is missing after the operator");
        } else if (!first) {
            status = fail(parser, token.at,
                          "+ or - is missing between two words; operators stand between blanks");
        }
        if (status == W2V_OK)
            status = read_term(parser, &token, &term);
        if (status == W2V_OK && expression->n_terms == W2V_MAX_TERMS)
            status = fail(parser, parser->at, "too many terms");
        if (status != W2V_OK)
            return status;
        expression->terms[expression->n_terms++] = term;
    }
}

int w2v_parse_expression(struct w2v_expression *expression, const char *text, size_t n_bytes,
                         struct w2v_error *error)
{
    /* A term and the blank behind it take at least two bytes. */
    const size_t n = n_bytes / 2 + 1;
    *expression = (struct w2v_expression){0};
    expression->terms = mem_calloc(n < W2V_MAX_TERMS ? n : W2V_MAX_TERMS, sizeof *expression->terms,
                                   "an expression", error);
    expression->text = mem_calloc(n_bytes + 1, 1, "an expression", error);
    int status = W2V_ENOMEM;
    if (expression->terms != NULL && expression->text != NULL) {
        struct expr_parser parser = {text, text + n_bytes, text, expression->text, error};
        status = parse(&parser, expression);
    }
    if (status != W2V_OK)
        w2v_expression_release(expression);
    return status;
}

void w2v_expression_release(struct w2v_expression *expression)
{
    if (expression == NULL)
        return;
    free(expression->terms);
    free(expression->text);
    *expression = (struct w2v_expression){0};
}
