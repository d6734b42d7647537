/* Puts the channels of sums into those of a wider value. */
static void nn_concat_sums(const nn_sum *in, int32_t channels, nn_sum *out, int32_t out_channels, int32_t pixels)
{
    int32_t i, c;
    for (i = 0; i < pixels; i++) {
        for (c = 0; c < channels; c++) {
            out[c] = *in++;
        }

        out += out_channels;
    }
}
