/*
 * The parts of a model file that tell whether it is one and is undamaged: the magic, the checksum
 * of a page, and the digest of everything before the trailer. Reader and writer share them;
 * container.h has the formulas.
 */
#ifndef W2V_MODEL_CONTAINER_SUM_H
#define W2V_MODEL_CONTAINER_SUM_H

#include <stddef.h>
#include <stdint.h>

/* The footer begins with these bytes. */
extern const unsigned char container_magic[8];

/*
 * The checksum of a page. `number` is its offset in the file / CONTAINER_PAGE. `digest` is the
 * digest in the footer, or 0 if the page is the footer.
 */
uint64_t container_checksum(const unsigned char *page, uint64_t number, uint64_t digest);

/*
 * Takes one more block into the digest and returns the new digest; it begins with 0. A block has
 * CONTAINER_DIGEST_BLOCK bytes, and only the last one may have fewer.
 */
uint64_t container_digest(uint64_t digest, const unsigned char *block, size_t n_bytes);

#endif
