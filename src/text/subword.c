/* Character n-grams and their buckets. See subword.h. */
#include "text/subword.h"

#include <string.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Byte i of "<word>", which has n_bytes + 2 bytes. */
static unsigned char marked(const char *word, size_t n_bytes, size_t i)
{
    if (i == 0)
        return '<';
    return (unsigned char)(i == n_bytes + 1 ? '>' : word[i - 1]);
}

void subword_visit(const struct subwords *subwords, const char *word, size_t n_bytes,
                   subword_fn visit, void *context)
{
    static const char end_of_line[] = "</s>";
    const size_t n = n_bytes + 2;
    if (n_bytes == sizeof end_of_line - 1 && memcmp(word, end_of_line, n_bytes) == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        if (is_continuation(marked(word, n_bytes, i)))
            continue;
        uint32_t hash = 2166136261u;
        size_t j = i;
        for (int32_t length = 1; length <= subwords->maxn && j < n; length++) {
            do { /* hashes one character, byte by byte, as signed numbers */
                const int byte = (signed char)marked(word, n_bytes, j++);
                hash = (hash ^ (uint32_t)byte) * 16777619u;
            } while (j < n && is_continuation(marked(word, n_bytes, j)));
            if (length >= subwords->minn && !(length == 1 && (i == 0 || j == n)))
                visit(context, hash % subwords->buckets);
        }
    }
}

size_t subword_count_characters(const char *word, size_t n_bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < n_bytes; i++)
        n += !is_continuation((unsigned char)word[i]);
    return n;
}
