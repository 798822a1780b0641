/* Results on standard output. See row.h. */
#include "cli/row.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "w2v.h"

/*
 * The length of the UTF-8 sequence at s (RFC 3629: no surrogates, nothing overlong, nothing past
 * U+10FFFF). If there is none, -n, where n bytes become one U+FFFD.
 */
static int sequence(const unsigned char *s, size_t n)
{
    int length = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    unsigned low = 0x80, high = 0xBF;
    if (length == 0 || s[0] > 0xF4)
        return -1;
    if (s[0] == 0xE0)
        low = 0xA0;
    else if (s[0] == 0xED)
        high = 0x9F;
    else if (s[0] == 0xF0)
        low = 0x90;
    else if (s[0] == 0xF4)
        high = 0x8F;
    for (int i = 1; i < length; i++) {
        if ((size_t)i >= n || s[i] < low || s[i] > high)
            return -i;
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

static void json_text(FILE *file, const char *text, size_t n_bytes)
{
    const unsigned char *s = (const unsigned char *)text, *end = s + n_bytes;
    while (s < end) {
        int n = sequence(s, (size_t)(end - s));
        if (n < 0) {
            fputs("\xEF\xBF\xBD", file);
            s -= n;
            continue;
        }
        if (*s == '"' || *s == '\\')
            fprintf(file, "\\%c", *s);
        else if (*s == '\n')
            fputs("\\n", file);
        else if (*s == '\t')
            fputs("\\t", file);
        else if (*s < ' ' || *s == 127)
            fprintf(file, "\\u%04x", *s);
        else
            fwrite(s, 1, (size_t)n, file);
        s += n;
    }
}

void row_json_string(FILE *file, const char *text, size_t n_bytes)
{
    putc('"', file);
    json_text(file, text, n_bytes);
    putc('"', file);
}

void row_text(const char *text, size_t n_bytes)
{
    char shown[1024];
    while (n_bytes > 0) {
        const size_t n = w2v_escape(shown, sizeof shown, &text, &n_bytes);
        fwrite(shown, 1, n, stdout);
    }
}

void row_word(const char *text, size_t n_bytes)
{
    const char *blank;
    while (n_bytes > 0 && (blank = memchr(text, ' ', n_bytes)) != NULL) {
        row_text(text, (size_t)(blank - text));
        fputs("\\x20", stdout);
        n_bytes -= (size_t)(blank - text) + 1;
        text = blank + 1;
    }
    row_text(text, n_bytes);
}

static void print_words(bool json, const struct field *words, size_t n)
{
    if (json)
        putchar('"');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            putchar(' ');
        if (json)
            json_text(stdout, words[i].text, words[i].n_bytes);
        else
            row_word(words[i].text, words[i].n_bytes);
    }
    if (json)
        putchar('"');
}

static void print_field(bool json, const struct row_field *field)
{
    switch (field->kind) {
    case ROW_TEXT:
        if (json)
            row_json_string(stdout, field->text, field->n_bytes);
        else
            row_text(field->text, field->n_bytes);
        break;
    case ROW_WORDS:
        print_words(json, field->words, field->n_words);
        break;
    case ROW_NONE:
        if (json)
            fputs("null", stdout);
        break;
    case ROW_REAL:
        if (!isfinite(field->real))
            fputs(json ? "null" : "nan", stdout);
        else
            printf("%.6f", fabs(field->real) < 5e-7 ? 0.0 : field->real); /* no -0.000000 */
        break;
    case ROW_COUNT:
        printf("%llu", (unsigned long long)field->count);
        break;
    }
}

void row_print(bool json, const struct row_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (json)
            printf("%s\"%s\": ", i == 0 ? "{" : ", ", fields[i].name);
        else if (i > 0)
            putchar('\t');
        print_field(json, &fields[i]);
    }
    fputs(json ? "}\n" : "\n", stdout);
}

void row_float(bool json, float value)
{
    char text[32];
    if (!isfinite(value)) {
        fputs(json ? "null" : isnan(value) ? "nan" : value > 0 ? "inf" : "-inf", stdout);
        return;
    }
    /* A number of up to 6 digits reads back from 6, but subnormal numbers have fewer. */
    for (int digits = fabsf(value) < FLT_MIN ? 1 : 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        float again = strtof(text, NULL);
        if (again >= value && again <= value)
            break;
    }
    fputs(text, stdout);
}
