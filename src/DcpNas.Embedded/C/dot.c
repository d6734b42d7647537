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
