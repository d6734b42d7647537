/* Puts the channels of a value into those of a wider one. */
static void nn_concat_numbers(const int16_t *in, int32_t channels, int32_t shift, int16_t *out, int32_t out_channels, int32_t pixels)
{
    int32_t i, c;
    for (i = 0; i < pixels; i++) {
        for (c = 0; c < channels; c++) {
            out[c] = nn_saturate(nn_divide(*in++, shift));
        }

        out += out_channels;
    }
}
