/*
 * What this CPU and its operating system can run. A set of bits, found once a call (cheap); each
 * stands for a whole level: the instructions, and the registers saved by the system.
 */
#ifndef W2V_KERNEL_CPU_H
#define W2V_KERNEL_CPU_H

enum {
    CPU_AVX2_FMA = 1,
    CPU_AVX512 = 2 /* F, VL, DQ and BW */
};

unsigned cpu_features(void);

#endif
