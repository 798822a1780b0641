/*
 * What a reader of a model file trusts it by: the magic, the checksum of a page, and the digest of the
 * matrix part. Reader and writer share them; container.h has the formulas.
 */
#ifndef W2V_MODEL_CONTAINER_SUM_H
#define W2V_MODEL_CONTAINER_SUM_H

#include <stddef.h>
#include <stdint.h>

/* The first bytes of the footer. */
extern const unsigned char container_magic[8];

/*
 * The checksum of a page: of its payload, its number (the page's offset in the file / CONTAINER_PAGE)
 * and the file's digest, which is 0 for the footer.
 */
uint64_t container_checksum(const unsigned char *page, uint64_t number, uint64_t digest);

/*
 * The digest so far, taken on by one block. The first block goes with 0; each has
 * CONTAINER_DIGEST_BLOCK bytes, and only the last one may have fewer.
 */
uint64_t container_digest(uint64_t digest, const unsigned char *block, size_t n_bytes);

#endif
