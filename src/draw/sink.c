/* Text of pictures. See sink.h. */
#include "draw/sink.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

void sink_bytes(struct sink *sink, const void *bytes, size_t n_bytes)
{
    if (sink->status == W2V_OK)
        sink->status = outfile_write(sink->out, bytes, n_bytes, sink->error);
}

void sink_text(struct sink *sink, const char *text)
{
    sink_bytes(sink, text, strlen(text));
}

void sink_count(struct sink *sink, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    sink_text(sink, text);
}

void sink_fixed(struct sink *sink, double number, unsigned decimals)
{
    char text[48];
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    const double scaled = floor(fabs(number) * (double)unit + 0.5);
    const uint64_t whole = scaled < 1e18 ? (uint64_t)scaled : (uint64_t)1e18;
    const char *sign = number < 0 && whole > 0 ? "-" : "";
    int n = snprintf(text, sizeof text, "%s%llu", sign, (unsigned long long)(whole / unit));
    if (decimals > 0)
        snprintf(text + n, sizeof text - (size_t)n, ".%0*llu", (int)decimals,
                 (unsigned long long)(whole % unit));
    sink_text(sink, text);
}

size_t sink_character(const char *text, size_t n_bytes, uint32_t *cp)
{
    if (n_bytes == 0)
        return 0;
    const size_t n = utf8_decode(text, n_bytes, cp);
    const bool fit = n > 0 && *cp >= 0x20 && !(*cp >= 0x7F && *cp < 0xA0) &&
                     !(*cp >= 0xFDD0 && *cp <= 0xFDEF) && (*cp & 0xFFFE) != 0xFFFE;
    if (!fit)
        *cp = 0xFFFD;
    return n > 0 ? n : 1;
}

/* Writes at most `most` characters of a word, and an ellipsis where it has more. */
static void spell(struct sink *sink, const char *text, size_t n_bytes, size_t most,
                  const char *(*escape)(uint32_t cp))
{
    uint32_t cp;
    for (size_t n, count = 0; (n = sink_character(text, n_bytes, &cp)) > 0; count++) {
        if (count == most) {
            sink_text(sink, "\xE2\x80\xA6");
            return;
        }
        const char *escaped = escape(cp);
        char encoded[UTF8_MAX_BYTES];
        if (escaped != NULL)
            sink_text(sink, escaped);
        else
            sink_bytes(sink, encoded, utf8_encode(cp, encoded));
        text += n;
        n_bytes -= n;
    }
}

static const char *escape_xml(uint32_t cp)
{
    return cp == '<'    ? "&lt;"
           : cp == '>'  ? "&gt;"
           : cp == '&'  ? "&amp;"
           : cp == '"'  ? "&quot;"
           : cp == '\'' ? "&#39;"
                        : NULL;
}

/* '<', '>' and '&' are escaped too, so that no word ends the script or begins a comment in it. */
static const char *escape_json(uint32_t cp)
{
    return cp == '"'      ? "\\\""
           : cp == '\\'   ? "\\\\"
           : cp == '<'    ? "\\u003c"
           : cp == '>'    ? "\\u003e"
           : cp == '&'    ? "\\u0026"
           : cp == 0x2028 ? "\\u2028"
           : cp == 0x2029 ? "\\u2029"
                          : NULL;
}

void sink_xml(struct sink *sink, const char *text, size_t n_bytes, size_t most)
{
    spell(sink, text, n_bytes, most, escape_xml);
}

void sink_tsv(struct sink *sink, const char *text, size_t n_bytes)
{
    char shown[256];
    while (n_bytes > 0) {
        const size_t n = escape_text(shown, sizeof shown, &text, &n_bytes);
        sink_bytes(sink, shown, n);
    }
}

void sink_json(struct sink *sink, const char *text, size_t n_bytes, size_t most)
{
    sink_text(sink, "\"");
    spell(sink, text, n_bytes, most, escape_json);
    sink_text(sink, "\"");
}

void sink_base64(struct sink *sink, const unsigned char *bytes, size_t n_bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    sink_text(sink, "\"");
    for (size_t i = 0; i < n_bytes; i += 3) {
        const size_t left = n_bytes - i;
        const unsigned long group = (unsigned long)bytes[i] << 16 |
                                    (left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0) |
                                    (left > 2 ? (unsigned long)bytes[i + 2] : 0);
        const char four[4] = {digits[group >> 18], digits[group >> 12 & 63],
                              left > 1 ? digits[group >> 6 & 63] : '=',
                              left > 2 ? digits[group & 63] : '='};
        sink_bytes(sink, four, 4);
    }
    sink_text(sink, "\"");
}
