/* Magic, checksum and digest of a model file. See container_sum.h. */
#include "model/container_sum.h"

#include "base/hash.h"
#include "model/container.h"

const unsigned char container_magic[8] = {0x93, 'W', '2', 'V', '\r', '\n', 0x1a, '\n'};

uint64_t container_checksum(const unsigned char *page, uint64_t number, uint64_t digest)
{
    return rng_mix(hash_step(hash_step(hash_bytes(page, CONTAINER_PAYLOAD), number), digest));
}

uint64_t container_digest(uint64_t digest, const unsigned char *block, size_t n_bytes)
{
    return rng_mix(hash_step(digest, hash_bytes(block, n_bytes)));
}
