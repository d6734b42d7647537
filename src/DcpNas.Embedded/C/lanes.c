#if NN_HELIUM
/* Numbers of SIZE bytes as four of 32 bits; those that are not wanted are 0. */
static inline int32x4_t nn_load_lanes(const void *from, unsigned size, mve_pred16_t wanted)
{
    return size == 1 ? vldrbq_z_s32((const int8_t *)from, wanted) : size == 2 ? vldrhq_z_s32((const int16_t *)from, wanted) : vldrwq_z_s32((const int32_t *)from, wanted);
}

/* Numbers of SIZE bytes, 1 or 2, as eight of 16 bits; those that are not wanted are 0. */
static inline int16x8_t nn_load_halves(const void *from, unsigned size, mve_pred16_t wanted)
{
    return size == 1 ? vldrbq_z_s16((const int8_t *)from, wanted) : vldrhq_z_s16((const int16_t *)from, wanted);
}

/* Stores those of four numbers that are wanted, of SIZE bytes each. */
static inline void nn_store_lanes(void *to, unsigned size, int32x4_t values, mve_pred16_t wanted)
{
    if (size == 1) {
        vstrbq_p_s32((int8_t *)to, values, wanted);
    } else if (size == 2) {
        vstrhq_p_s32((int16_t *)to, values, wanted);
    } else {
        vstrwq_p_s32((int32_t *)to, values, wanted);
    }
}

/* Stores those of eight numbers that are wanted, of SIZE bytes each. */
static inline void nn_store_halves(void *to, unsigned size, int16x8_t values, mve_pred16_t wanted)
{
    if (size == 1) {
        vstrbq_p_s16((int8_t *)to, values, wanted);
    } else {
        vstrhq_p_s16((int16_t *)to, values, wanted);
    }
}

/* Division by a power of two, halves up; shifts above 15 count as 15. */
static inline int32x4_t nn_divide_lanes(int32x4_t values, int32_t shift)
{
    return vrshlq_n_s32(values, -(shift > 15 ? 15 : shift));
}

/* Limits to numbers of SIZE bytes, 1 or 2. */
static inline int32x4_t nn_saturate_lanes(int32x4_t values, unsigned size)
{
    const int32_t most = size == 1 ? 127 : 32767;
    return vminq_s32(vmaxq_s32(values, vdupq_n_s32(-1 - most)), vdupq_n_s32(most));
}
#endif
