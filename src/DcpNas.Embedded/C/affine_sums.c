/* The numbers of one pixel from its sums. The shortcut, if any, may be the place of the result. */
static void nn_affine_sums(const nn_affine *layer, const nn_sum *in, const int16_t *shortcut, int16_t *out)
{
    /* Copies: the result could, for all the compiler knows, lie over the layer. */
    const int16_t *const multiplier = layer->multiplier;
    const int32_t *const bias = layer->bias;
    const int16_t *const slope = layer->slope;
    const int16_t *const offset = layer->offset;
    const int32_t shift = layer->shift, shortcut_shift = layer->shortcut_shift, slope_shift = layer->slope_shift, channels = layer->channels;
    const int32_t half = slope_shift == 0 ? 0 : (int32_t)1 << (slope_shift - 1);
    int32_t c;
    for (c = 0; c < channels; c++) {
        int32_t value = (in[c] * (int32_t)multiplier[c] + bias[c]) >> shift;
        if (shortcut != 0) {
            value += nn_divide(shortcut[c], shortcut_shift);
        }

        value = nn_saturate(value);
        if (slope != 0 && value < 0) {
            value = (value * slope[c] + half) >> slope_shift;
        }

        out[c] = nn_saturate(offset != 0 ? value + offset[c] : value);
    }
}
