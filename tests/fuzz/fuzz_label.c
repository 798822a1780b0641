/*
 * Fuzz target: words of any bytes in figures, pages and tables. What comes out has no control
 * characters. In figures and pages it is UTF-8; in XML nothing but the five references begins with '&', and '<', '>' and
 * quotes do not stand for themselves; in JSON nor do '<', '>', '&' and line separators; and read
 * back both are the same word, with U+FFFD for what cannot be shown. The estimated width is finite.
 */
#include <math.h>

#include "base/utf8.h"
#include "draw/place.h"
#include "draw/sink.h"
#include "fuzz/fuzz.h"

enum { MOST = 4096, ROOM = 1 << 16 };

static char room[ROOM];

static size_t drawn(void (*draw)(struct sink *, const char *, size_t), const char *word, size_t n,
                    char *to)
{
    struct outfile out = {.fd = -1, .buffer = room};
    struct w2v_error error;
    struct sink sink = {.out = &out, .error = &error};
    draw(&sink, word, n);
    REQUIRE(sink.status == W2V_OK && out.n_buffered <= ROOM);
    memcpy(to, room, out.n_buffered);
    REQUIRE(draw == sink_tsv || utf8_valid_prefix(to, out.n_buffered) == out.n_buffered);
    for (size_t i = 0; i < out.n_buffered; i++)
        REQUIRE((unsigned char)to[i] >= ' ' && to[i] != 0x7F);
    return out.n_buffered;
}

static void xml(struct sink *sink, const char *word, size_t n)
{
    sink_xml(sink, word, n, SIZE_MAX);
}

static void json(struct sink *sink, const char *word, size_t n)
{
    sink_json(sink, word, n, SIZE_MAX);
}

/* What `text` stands for; `names` and `chars` are its references, one behind the other. */
static size_t read_back(char *text, size_t n, const char *const *names, const char *const *chars,
                        const char *never)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        size_t r = 0;
        for (; names[r] != NULL; r++)
            if (n - i >= strlen(names[r]) && memcmp(text + i, names[r], strlen(names[r])) == 0)
                break;
        if (names[r] != NULL) {
            memcpy(text + to, chars[r], strlen(chars[r]));
            to += strlen(chars[r]);
            i += strlen(names[r]);
        } else {
            REQUIRE(strchr(never, text[i]) == NULL);
            text[to++] = text[i++];
        }
    }
    return to;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static const char *const xml_names[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;", NULL};
    static const char *const xml_chars[] = {"<", ">", "&", "\"", "'"};
    static const char *const json_names[] = {"\\u003c", "\\u003e", "\\u0026", "\\u2028",
                                             "\\u2029", "\\\"",    "\\\\",    NULL};
    static const char *const json_chars[] = {"<",  ">", "&", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                             "\"", "\\"};
    static char plain[ROOM], text[ROOM];
    const char *word = (const char *)data;
    const size_t n = n_bytes < MOST ? n_bytes : MOST;
    REQUIRE(drawn(sink_tsv, word, n, text) >= n);
    size_t n_text = drawn(xml, word, n, plain);
    const size_t n_plain = read_back(plain, n_text, xml_names, xml_chars, "<>&\"'");
    n_text = drawn(json, word, n, text);
    REQUIRE(n_text >= 2 && text[0] == '"' && text[n_text - 1] == '"');
    for (size_t i = 0; i + 2 < n_text; i++)
        REQUIRE(memcmp(text + i, "\xE2\x80\xA8", 3) != 0 &&
                memcmp(text + i, "\xE2\x80\xA9", 3) != 0);
    memmove(text, text + 1, n_text - 2);
    n_text = read_back(text, n_text - 2, json_names, json_chars, "<>&\"\\");
    REQUIRE(n_text == n_plain && memcmp(text, plain, n_text) == 0);
    const float width = place_width(word, n, SIZE_MAX);
    REQUIRE(isfinite(width) && width >= 0 && width <= 1.5f * (float)n);
    return 0;
}
