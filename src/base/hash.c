/* The key of hash tables. See hash.h. */
#include "base/hash.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/*
 * A number that the author of an input cannot know: it comes from the time in nanoseconds, from
 * addresses, which differ in every process, and from the process number.
 */
static uint64_t make_seed(void)
{
    static const char here;
    struct timespec time = {0}, up = {0};
    clock_gettime(CLOCK_REALTIME, &time);
    clock_gettime(CLOCK_MONOTONIC, &up);
    uint64_t seed = rng_key((uint64_t)time.tv_sec, (uint64_t)time.tv_nsec);
    seed = rng_key(seed ^ (uint64_t)up.tv_sec, (uint64_t)up.tv_nsec);
    seed = rng_key(seed ^ (uint64_t)(uintptr_t)&time, (uint64_t)(uintptr_t)&here);
    seed = rng_key(seed, (uint64_t)getpid());
    return seed != 0 ? seed : 1;
}

struct hash_key hash_key(void)
{
    static atomic_uint_fast64_t kept; /* 0: none yet */
    uint_fast64_t seed = atomic_load(&kept);
    if (seed == 0) {
        const uint_fast64_t made = make_seed();
        if (atomic_compare_exchange_strong(&kept, &seed, made))
            seed = made;
    }
    return (struct hash_key){.start = rng_at(seed, 0), .factor = rng_at(seed, 1) | 1};
}
