/*
 * The memory that this process may use. It is the least of three: the machine's memory, the limits
 * of its control groups (Linux, versions 1 and 2, with all groups above), and its resource limits.
 */
#ifndef W2V_BASE_LIMIT_H
#define W2V_BASE_LIMIT_H

#include <stdint.h>

struct limit {
    uint64_t n_bytes; /* UINT64_MAX: not known */
    const char *what; /* where the limit comes from: "the machine's memory", "ulimit -v", ... */
};

/* `root` is put before /proc and /sys: "", or a folder that a test made. */
struct limit limit_memory(const char *root);

/* The most memory that this process has held at any time, in bytes; 0: not known. */
uint64_t limit_peak(void);

#endif
