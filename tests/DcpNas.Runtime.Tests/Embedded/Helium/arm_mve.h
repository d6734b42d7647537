/* The intrinsics of Armv8.1-M's integer vectors (Helium) that the generated C calls, lane by lane in plain C, so that the host's compiler and its sanitizers see that code too.
 * Semantics: Arm MVE Intrinsics (ACLE). What wraps there and would be undefined for int32_t is an error here: the generated code never needs it. */
#ifndef TESTS_ARM_MVE_H
#define TESTS_ARM_MVE_H

#include <stdint.h>

typedef uint16_t mve_pred16_t; /* a bit per byte of a vector */
typedef struct { uint8_t v[16]; } uint8x16_t;
typedef struct { uint16_t v[8]; } uint16x8_t;
typedef struct { uint32_t v[4]; } uint32x4_t;
typedef struct { int16_t v[8]; } int16x8_t;
typedef struct { int32_t v[4]; } int32x4_t;

#define MVE static inline __attribute__((unused))
#define MVE_MAP(type, count, value) \
    type r; \
    int i; \
    for (i = 0; i < (count); i++) { \
        r.v[i] = (value); \
    } \
    return r
#define MVE_WANTED(p, bytes) (((p) >> (i * (bytes))) & 1)

MVE uint8x16_t vreinterpretq_u8_u32(uint32x4_t a) { MVE_MAP(uint8x16_t, 16, (uint8_t)(a.v[i / 4] >> (8 * (i % 4)))); }
MVE int32x4_t vreinterpretq_s32_u32(uint32x4_t a) { MVE_MAP(int32x4_t, 4, (int32_t)a.v[i]); }
MVE int16x8_t vreinterpretq_s16_u16(uint16x8_t a) { MVE_MAP(int16x8_t, 8, (int16_t)a.v[i]); }

MVE uint8x16_t vdupq_n_u8(uint8_t a) { MVE_MAP(uint8x16_t, 16, a); }
MVE uint16x8_t vdupq_n_u16(uint16_t a) { MVE_MAP(uint16x8_t, 8, a); }
MVE uint32x4_t vdupq_n_u32(uint32_t a) { MVE_MAP(uint32x4_t, 4, a); }
MVE int16x8_t vdupq_n_s16(int16_t a) { MVE_MAP(int16x8_t, 8, a); }
MVE int32x4_t vdupq_n_s32(int32_t a) { MVE_MAP(int32x4_t, 4, a); }
MVE uint16x8_t vidupq_n_u16(uint32_t a, int step) { MVE_MAP(uint16x8_t, 8, (uint16_t)(a + (uint32_t)(i * step))); }
MVE uint32x4_t vidupq_n_u32(uint32_t a, int step) { MVE_MAP(uint32x4_t, 4, a + (uint32_t)(i * step)); }

MVE uint8x16_t vaddq_u8(uint8x16_t a, uint8x16_t b) { MVE_MAP(uint8x16_t, 16, (uint8_t)(a.v[i] + b.v[i])); }
MVE uint8x16_t vsubq_u8(uint8x16_t a, uint8x16_t b) { MVE_MAP(uint8x16_t, 16, (uint8_t)(a.v[i] - b.v[i])); }
MVE uint8x16_t vandq_u8(uint8x16_t a, uint8x16_t b) { MVE_MAP(uint8x16_t, 16, a.v[i] & b.v[i]); }
MVE uint8x16_t vshrq_n_u8(uint8x16_t a, int shift) { MVE_MAP(uint8x16_t, 16, (uint8_t)(a.v[i] >> shift)); }
MVE uint16x8_t vmovlbq_u8(uint8x16_t a) { MVE_MAP(uint16x8_t, 8, a.v[2 * i]); }
MVE uint16x8_t vmovltq_u8(uint8x16_t a) { MVE_MAP(uint16x8_t, 8, a.v[2 * i + 1]); }
MVE uint16x8_t vaddq_u16(uint16x8_t a, uint16x8_t b) { MVE_MAP(uint16x8_t, 8, (uint16_t)(a.v[i] + b.v[i])); }
MVE uint32x4_t vmovlbq_u16(uint16x8_t a) { MVE_MAP(uint32x4_t, 4, a.v[2 * i]); }
MVE uint32x4_t vmovltq_u16(uint16x8_t a) { MVE_MAP(uint32x4_t, 4, a.v[2 * i + 1]); }

MVE uint32x4_t vaddq_u32(uint32x4_t a, uint32x4_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] + b.v[i]); }
MVE uint32x4_t vandq_u32(uint32x4_t a, uint32x4_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] & b.v[i]); }
MVE uint32x4_t vorrq_u32(uint32x4_t a, uint32x4_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] | b.v[i]); }
MVE uint32x4_t veorq_u32(uint32x4_t a, uint32x4_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] ^ b.v[i]); }
MVE uint32x4_t vminq_u32(uint32x4_t a, uint32x4_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] < b.v[i] ? a.v[i] : b.v[i]); }
MVE uint32x4_t vmulq_n_u32(uint32x4_t a, uint32_t b) { MVE_MAP(uint32x4_t, 4, a.v[i] * b); }
MVE int32x4_t vaddq_s32(int32x4_t a, int32x4_t b) { MVE_MAP(int32x4_t, 4, a.v[i] + b.v[i]); }
MVE int32x4_t vsubq_s32(int32x4_t a, int32x4_t b) { MVE_MAP(int32x4_t, 4, a.v[i] - b.v[i]); }
MVE int32x4_t vmulq_s32(int32x4_t a, int32x4_t b) { MVE_MAP(int32x4_t, 4, a.v[i] * b.v[i]); }
MVE int32x4_t vnegq_s32(int32x4_t a) { MVE_MAP(int32x4_t, 4, -a.v[i]); }
MVE int32x4_t vminq_s32(int32x4_t a, int32x4_t b) { MVE_MAP(int32x4_t, 4, a.v[i] < b.v[i] ? a.v[i] : b.v[i]); }
MVE int32x4_t vmaxq_s32(int32x4_t a, int32x4_t b) { MVE_MAP(int32x4_t, 4, a.v[i] > b.v[i] ? a.v[i] : b.v[i]); }
MVE int16x8_t vmaxq_s16(int16x8_t a, int16x8_t b) { MVE_MAP(int16x8_t, 8, a.v[i] > b.v[i] ? a.v[i] : b.v[i]); }
MVE int32x4_t vmlaq_n_s32(int32x4_t sum, int32x4_t a, int32_t b) { MVE_MAP(int32x4_t, 4, sum.v[i] + a.v[i] * b); }

/* Shifts by a register: to the left, or to the right where it is negative; vrshl rounds halves up. */
MVE uint32_t mve_shift_u(uint32_t a, int32_t shift) { return shift <= -32 || shift >= 32 ? 0 : shift >= 0 ? a << shift : a >> -shift; }
MVE int32_t mve_shift_s(int32_t a, int32_t shift, int rounds)
{
    return shift >= 0 ? (int32_t)((uint32_t)a << shift) : (int32_t)(((int64_t)a + (rounds ? (int64_t)1 << (-shift - 1) : 0)) >> -shift);
}
MVE uint16x8_t vshlq_u16(uint16x8_t a, int16x8_t b) { MVE_MAP(uint16x8_t, 8, (uint16_t)mve_shift_u(a.v[i], b.v[i])); }
MVE uint32x4_t vshlq_u32(uint32x4_t a, int32x4_t b) { MVE_MAP(uint32x4_t, 4, mve_shift_u(a.v[i], b.v[i])); }
MVE uint32x4_t vshlq_r_u32(uint32x4_t a, int32_t b) { MVE_MAP(uint32x4_t, 4, mve_shift_u(a.v[i], b)); }
MVE uint32x4_t vshlq_n_u32(uint32x4_t a, int b) { MVE_MAP(uint32x4_t, 4, mve_shift_u(a.v[i], b)); }
MVE int32x4_t vshlq_r_s32(int32x4_t a, int32_t b) { MVE_MAP(int32x4_t, 4, mve_shift_s(a.v[i], b, 0)); }
MVE int32x4_t vrshlq_n_s32(int32x4_t a, int32_t b) { MVE_MAP(int32x4_t, 4, mve_shift_s(a.v[i], b, 1)); }

/* Predicates: a lane is wanted where the bit of its first byte is set. */
MVE mve_pred16_t mve_first(uint32_t lanes, int bytes) { return (mve_pred16_t)(lanes * (uint32_t)bytes >= 16 ? 0xffffu : (1u << (lanes * (uint32_t)bytes)) - 1u); }
MVE mve_pred16_t vctp16q(uint32_t lanes) { return mve_first(lanes > 8 ? 8 : lanes, 2); }
MVE mve_pred16_t vctp32q(uint32_t lanes) { return mve_first(lanes > 4 ? 4 : lanes, 4); }
#define MVE_BELOW(name, vector, count, bytes) \
    MVE mve_pred16_t name(vector a, vector b, mve_pred16_t wanted) \
    { \
        uint32_t p = 0; \
        int i; \
        for (i = 0; i < (count); i++) { \
            p |= a.v[i] < b.v[i] ? ((1u << (bytes)) - 1u) << ((bytes) * i) : 0; \
        } \
        return (mve_pred16_t)(p & wanted); \
    }

MVE_BELOW(vcmpltq_m_s32, int32x4_t, 4, 4)
MVE_BELOW(vcmpltq_m_s16, int16x8_t, 8, 2)
MVE mve_pred16_t vcmpltq_n_s32(int32x4_t a, int32_t b) { return vcmpltq_m_s32(a, vdupq_n_s32(b), 0xffffu); }
MVE int32x4_t vpselq_s32(int32x4_t a, int32x4_t b, mve_pred16_t p) { MVE_MAP(int32x4_t, 4, MVE_WANTED(p, 4) ? a.v[i] : b.v[i]); }
#define MVE_SUM(name, vector, count, bytes) \
    MVE uint32_t name(vector a, mve_pred16_t p) \
    { \
        uint32_t sum = 0; \
        int i; \
        for (i = 0; i < (count); i++) { \
            sum += MVE_WANTED(p, bytes) ? a.v[i] : 0; \
        } \
        return sum; \
    }

MVE_SUM(vaddvq_p_u16, uint16x8_t, 8, 2)
MVE_SUM(vaddvq_p_u32, uint32x4_t, 4, 4)

/* Memory: only lanes that are wanted are touched. */
MVE int32x4_t vldrbq_z_s32(const int8_t *a, mve_pred16_t p) { MVE_MAP(int32x4_t, 4, MVE_WANTED(p, 4) ? a[i] : 0); }
MVE int32x4_t vldrhq_z_s32(const int16_t *a, mve_pred16_t p) { MVE_MAP(int32x4_t, 4, MVE_WANTED(p, 4) ? a[i] : 0); }
MVE int32x4_t vldrwq_z_s32(const int32_t *a, mve_pred16_t p) { MVE_MAP(int32x4_t, 4, MVE_WANTED(p, 4) ? a[i] : 0); }
MVE int16x8_t vldrbq_z_s16(const int8_t *a, mve_pred16_t p) { MVE_MAP(int16x8_t, 8, (int16_t)(MVE_WANTED(p, 2) ? a[i] : 0)); }
MVE int16x8_t vldrhq_z_s16(const int16_t *a, mve_pred16_t p) { MVE_MAP(int16x8_t, 8, (int16_t)(MVE_WANTED(p, 2) ? a[i] : 0)); }
MVE uint32x4_t vldrwq_gather_shifted_offset_u32(const uint32_t *a, uint32x4_t at) { MVE_MAP(uint32x4_t, 4, a[at.v[i]]); }
MVE int32x4_t vldrbq_gather_offset_s32(const int8_t *a, uint32x4_t at) { MVE_MAP(int32x4_t, 4, a[at.v[i]]); }
MVE int32x4_t vldrhq_gather_shifted_offset_s32(const int16_t *a, uint32x4_t at) { MVE_MAP(int32x4_t, 4, a[at.v[i]]); }

#define MVE_STORE(name, element, vector, count, bytes) \
    MVE void name(element *a, vector values, mve_pred16_t p) \
    { \
        int i; \
        for (i = 0; i < (count); i++) { \
            if (MVE_WANTED(p, bytes)) { \
                a[i] = (element)values.v[i]; \
            } \
        } \
    }

MVE_STORE(vstrbq_p_s32, int8_t, int32x4_t, 4, 4)
MVE_STORE(vstrhq_p_s32, int16_t, int32x4_t, 4, 4)
MVE_STORE(vstrwq_p_s32, int32_t, int32x4_t, 4, 4)
MVE_STORE(vstrbq_p_s16, int8_t, int16x8_t, 8, 2)
MVE_STORE(vstrhq_p_s16, int16_t, int16x8_t, 8, 2)

MVE void vst1q_s32(int32_t *a, int32x4_t values)
{
    int i;
    for (i = 0; i < 4; i++) {
        a[i] = values.v[i];
    }
}

#endif
