/* Pixels become numbers: (p * multiplier + bias) >> shift, per channel. */
static void nn_image(const uint8_t *pixels, int16_t *out, int32_t count, int32_t channels, const int16_t *multiplier, const int32_t *bias, int32_t shift)
{
    int32_t i, c;
    for (i = 0; i < count; i++) {
        for (c = 0; c < channels; c++) {
            *out++ = (int16_t)(((int32_t)*pixels++ * multiplier[c] + bias[c]) >> shift);
        }
    }
}
