/* Puts the bits of a value into those of a wider one, from a channel on. The first value of a concatenation clears the words. */
static void nn_concat_bits(const uint32_t *in, int32_t channels, int32_t first, uint32_t *out, int32_t out_channels, int32_t pixels)
{
    const int32_t words = (channels + 31) / 32;
    const int32_t out_words = (out_channels + 31) / 32;
    int32_t i, k;
    for (i = 0; i < pixels; i++) {
        uint32_t *target = out + first / 32;
        const int32_t shift = first % 32;
        if (first == 0) {
            for (k = 0; k < out_words; k++) {
                out[k] = 0;
            }
        }

        for (k = 0; k < words; k++) {
            target[k] |= in[k] << shift;
            if (shift != 0 && first / 32 + k + 1 < out_words) {
                target[k + 1] |= in[k] >> (32 - shift);
            }
        }

        in += words;
        out += out_words;
    }
}
