/*
 * Floats of 16 bits: IEEE binary16, and bfloat16, which is the upper half of a binary32. Conversion
 * to them rounds to nearest, ties to even; numbers that are too large become infinite.
 */
#ifndef W2V_MODEL_HALF_H
#define W2V_MODEL_HALF_H

#include <stdint.h>
#include <string.h>

static inline float half_bits_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float half_from_bfloat(uint16_t half)
{
    return half_bits_float((uint32_t)half << 16);
}

static inline float half_from_binary16(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t rest = (uint32_t)(half & 0x7fff) << 13;
    if ((half & 0x7c00) == 0x7c00) /* infinite or NaN */
        return half_bits_float(sign | rest | 0x7f800000);
    /*
     * These bits are a float whose exponent is too small by 112. Subnormal ones come out right too.
     */
    const float value = half_bits_float(rest) * half_bits_float((127 + 112) << 23);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return half_bits_float(sign | bits);
}

/* Drops the lower n bits, rounding to nearest, ties to even. */
static inline uint32_t half_round(uint32_t bits, unsigned n)
{
    return (bits + (1u << (n - 1)) - 1 + (bits >> n & 1)) >> n;
}

static inline uint16_t half_to_bfloat(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffff) > 0x7f800000)
        return (uint16_t)(bits >> 16 | 0x40); /* a NaN stays one */
    return (uint16_t)half_round(bits, 16);
}

static inline uint16_t half_to_binary16(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 16 & 0x8000, size = bits & 0x7fffffff;
    if (size > 0x7f800000)
        return (uint16_t)(sign | 0x7e00);
    if (size >= 0x47800000) /* 2^16 */
        return (uint16_t)(sign | 0x7c00);
    if (size >= 0x38800000) /* 2^-14, the smallest normal number */
        return (uint16_t)(sign | half_round(size - (112u << 23), 13));
    const unsigned exponent = size >> 23;
    if (exponent < 102) /* below half of the smallest number */
        return (uint16_t)sign;
    return (uint16_t)(sign | half_round((size & 0x7fffff) | 0x800000, 126 - exponent));
}

#endif
