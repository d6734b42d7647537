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
