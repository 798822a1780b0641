/* A place in a file that is read from front to back; numbers are little-endian. */
#ifndef W2V_MODEL_CURSOR_H
#define W2V_MODEL_CURSOR_H

#include <stdbool.h>

#include "base/error.h"
#include "base/hash.h"

struct cursor {
    const unsigned char *bytes;
    size_t n_bytes, at;
    const char *path; /* for messages */
    struct w2v_error *error;
};

/* Whether there are n more bytes. Ask before taking them. */
static inline bool cursor_has(const struct cursor *c, uint64_t n)
{
    return n <= c->n_bytes - c->at;
}

static inline int32_t cursor_i32(struct cursor *c)
{
    const uint32_t bits = hash_load32(c->bytes + c->at);
    c->at += 4;
    return (int32_t)bits;
}

static inline int64_t cursor_i64(struct cursor *c)
{
    const uint64_t bits = hash_load64(c->bytes + c->at);
    c->at += 8;
    return (int64_t)bits;
}

#endif
