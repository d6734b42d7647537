#if NN_HELIUM
/* Sums of products of 16-bit numbers and the 16-bit weights of four filters, each at its offset from W. */
static inline int32x4_t nn_dot16_lanes(const int16_t *x, const int16_t *w, uint32x4_t offsets, int32_t count, int32x4_t sums)
{
    while (count-- > 0) {
        sums = vmlaq_n_s32(sums, vldrhq_gather_shifted_offset_s32(w++, offsets), *x++);
    }

    return sums;
}
#else
/* Sum of products of 16-bit numbers and 16-bit weights that lie side by side. */
static int32_t nn_dot16(const int16_t *x, const int16_t *w, int32_t count, int32_t sum)
{
#if NN_DSP
    while (count >= 2) {
        int32_t numbers, weights;
        __builtin_memcpy(&numbers, x, 4);
        __builtin_memcpy(&weights, w, 4);
        sum = __smlad(numbers, weights, sum);
        x += 2;
        w += 2;
        count -= 2;
    }
#endif
    while (count > 0) {
        sum += (int32_t)*x++ * *w++;
        count--;
    }

    return sum;
}
#endif
