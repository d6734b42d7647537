/* The mean of each channel: its sum * multiplier / 2^shift, halves up. */
static void nn_global_average(int32_t pixels, int32_t channels, int32_t multiplier, int32_t shift, const int16_t *in, int16_t *out)
{
    int32_t c, i;
    for (c = 0; c < channels; c++) {
        int32_t sum = 0;
        int64_t mean;
        for (i = 0; i < pixels; i++) {
            sum += in[i * channels + c];
        }

        mean = ((int64_t)sum * multiplier + ((int64_t)1 << (shift - 1))) >> shift;
        *out++ = mean > 32767 ? (int16_t)32767 : mean < -32768 ? (int16_t)-32768 : (int16_t)mean;
    }
}
