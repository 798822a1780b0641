/* Chooses a table of kernels. Adding an instruction set: its file, and a row here. */
#include "kernel/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/cpu.h"

/* Fastest first. `needs`: the features without which it must not run. */
static const struct {
    const struct kernel *kernel;
    unsigned needs;
} tables[] = {
#if defined(__x86_64__)
    {&kernel_avx512, CPU_AVX512 | CPU_AVX2_FMA},
    {&kernel_avx2, CPU_AVX2_FMA},
    {&kernel_sse2, 0},
#elif defined(__aarch64__)
    {&kernel_neon, 0},
#endif
    {&kernel_scalar, 0},
};

enum { N_TABLES = sizeof tables / sizeof tables[0] };

const struct kernel *kernel_table(size_t i, bool *runs)
{
    if (i >= N_TABLES)
        return NULL;
    *runs = (cpu_features() & tables[i].needs) == tables[i].needs;
    return tables[i].kernel;
}

const struct kernel *kernel_choose(const char *name, struct w2v_error *error)
{
    const struct kernel *kernel;
    char known[128] = "";
    bool runs, any = name == NULL || name[0] == '\0';
    for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++) {
        if (any && runs)
            return kernel;
        if (!any && strcmp(kernel->name, name) == 0) {
            if (runs)
                return kernel;
            error_set(error, W2V_EARG, "W2V_SIMD=%s: this CPU cannot run it", name);
            return NULL;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", kernel->name);
    }
    error_set(error, W2V_EARG,
              "W2V_SIMD=%s: there is no such set on this kind of CPU; give one of %s", name, known);
    return NULL;
}

const struct kernel *kernel_wanted(struct w2v_error *error)
{
    return kernel_choose(getenv("W2V_SIMD"), error);
}
