#if NN_HELIUM
/* Sums of products of 16-bit numbers and the 8-bit weights of four filters, each at its offset from W. */
static inline int32x4_t nn_dot_lanes(const int16_t *x, const int8_t *w, uint32x4_t offsets, int32_t count, int32x4_t sums)
{
    while (count-- > 0) {
        sums = vmlaq_n_s32(sums, vldrbq_gather_offset_s32(w++, offsets), *x++);
    }

    return sums;
}
#else
/* Sum of products of 16-bit numbers and 8-bit weights that lie side by side. */
static int32_t nn_dot(const int16_t *x, const int8_t *w, int32_t count, int32_t sum)
{
#if NN_DSP
    while (count >= 4) {
        uint32_t low, high, weights, even, odd;
        __builtin_memcpy(&low, x, 4);
        __builtin_memcpy(&high, x + 2, 4);
        __builtin_memcpy(&weights, w, 4);
        even = (low & 0xffffu) | (high << 16);
        odd = (low >> 16) | (high & 0xffff0000u);
        sum = __smlad((int16x2_t)even, (int16x2_t)__sxtb16((int8x4_t)weights), sum);
        sum = __smlad((int16x2_t)odd, (int16x2_t)__sxtb16((int8x4_t)((weights >> 8) | (weights << 24))), sum);
        x += 4;
        w += 4;
        count -= 4;
    }
#endif
    while (count > 0) {
        sum += (int32_t)*x++ * *w++;
        count--;
    }

    return sum;
}
#endif
