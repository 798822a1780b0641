/* Text that is safe to show. See escape.h. */
#include "base/escape.h"

#include <string.h>

#include "base/utf8.h"
#include "w2v.h"

/* The length of the UTF-8 character at s; 1 if there is no complete one. */
static size_t character_length(const char *s, size_t n)
{
    uint32_t cp;
    const size_t length = utf8_decode(s, n, &cp);
    return length > 0 ? length : 1;
}

static size_t write_hex(char *to, const char *lead, unsigned byte)
{
    static const char digits[] = "0123456789abcdef";
    const size_t n = strlen(lead);
    memcpy(to, lead, n);
    to[n] = digits[byte >> 4];
    to[n + 1] = digits[byte & 15];
    return n + 2;
}

/* Writes the character at s, which has `length` bytes, and returns the bytes written. */
static size_t escape_character(char *to, const unsigned char *s, size_t length)
{
    static const char named[] = "\t\n\r", names[] = "tnr";
    const char *which = s[0] != '\0' ? strchr(named, s[0]) : NULL;
    if (length == 1 && which != NULL) {
        to[0] = '\\';
        to[1] = names[which - named];
        return 2;
    }
    if (length == 1 && (s[0] < ' ' || (s[0] >= 127 && s[0] < 0xA0)))
        return write_hex(to, "\\x", s[0]);
    if (length == 2 && s[0] == 0xC2 && s[1] < 0xA0)
        return write_hex(to, "\\u00", s[1]);
    memcpy(to, s, length);
    return length;
}

size_t escape_text(char *to, size_t room, const char **text, size_t *n_bytes)
{
    size_t n = 0;
    while (*n_bytes > 0 && room - n >= ESCAPE_PIECE) {
        const size_t length = character_length(*text, *n_bytes);
        n += escape_character(to + n, (const unsigned char *)*text, length);
        *text += length;
        *n_bytes -= length;
    }
    return n;
}

/* How many bytes of text to skip so that the escaped rest fits into `room` bytes. */
static size_t skip_to_fit(const char *text, size_t n_bytes, size_t room)
{
    size_t skipped = 0, length;
    char character[ESCAPE_PIECE];
    size_t n = 0;
    for (size_t at = 0; at < n_bytes; at += length) {
        length = character_length(text + at, n_bytes - at);
        n += escape_character(character, (const unsigned char *)text + at, length);
    }
    for (; n > room; skipped += length) {
        length = character_length(text + skipped, n_bytes - skipped);
        n -= escape_character(character, (const unsigned char *)text + skipped, length);
    }
    return skipped;
}

void escape_line(char *to, size_t room, const char *text)
{
    static const char gap[] = " ... ";
    const size_t ends = room / 2; /* bytes for the gap and the end of a long text */
    size_t n_bytes = strlen(text);
    if (room <= ESCAPE_PIECE) {
        if (room > 0)
            to[0] = '\0';
        return;
    }
    if (skip_to_fit(text, n_bytes, room - ESCAPE_PIECE) > 0 && ends > sizeof gap + ESCAPE_PIECE) {
        to += escape_text(to, room - ends, &text, &n_bytes);
        memcpy(to, gap, sizeof gap - 1);
        to += sizeof gap - 1;
        room = ends - (sizeof gap - 1);
        const size_t skipped = skip_to_fit(text, n_bytes, room - ESCAPE_PIECE);
        text += skipped;
        n_bytes -= skipped;
    }
    to[escape_text(to, room - 1, &text, &n_bytes)] = '\0';
}

size_t w2v_escape(char *to, size_t room, const char **text, size_t *n_bytes)
{
    return escape_text(to, room, text, n_bytes);
}
