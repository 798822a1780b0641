/*
 * What this CPU and its operating system can run: a set of bits. A bit is set if the CPU has all
 * instructions of the level and the system saves its registers. Each call finds the bits anew, which is
 * cheap.
 */
#ifndef W2V_KERNEL_CPU_H
#define W2V_KERNEL_CPU_H

enum {
    CPU_AVX2_FMA = 1,
    CPU_AVX512 = 2 /* F, VL, DQ and BW */
};

unsigned cpu_features(void);

#endif
