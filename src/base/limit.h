/*
 * The memory that this process may use: the least of the machine's, of what its control groups
 * (Linux, both versions, and all groups above) and of what its resource limits allow.
 */
#ifndef W2V_BASE_LIMIT_H
#define W2V_BASE_LIMIT_H

#include <stdint.h>

struct limit {
    uint64_t n_bytes; /* UINT64_MAX: not known */
    const char *what; /* sets it: "the machine's memory", "the control group's limit", ... */
};

/* `root` goes in front of /proc and /sys: "", or a folder that a test made. */
struct limit limit_memory(const char *root);

/* The most that this process held at any time, in bytes; 0: not known. */
uint64_t limit_peak(void);

#endif
