/* Multiplier and bias per channel, then perhaps a shortcut, PReLU and a shift. */
typedef struct {
    uint16_t channels;
    uint8_t shift, shortcut_shift, slope_shift;
    const int16_t *multiplier;
    const int32_t *bias;
    const int16_t *slope;  /* or 0 */
    const int16_t *offset; /* or 0 */
} nn_affine;

static int16_t nn_affine_tail(const nn_affine *layer, int32_t c, int32_t value, int32_t shortcut)
{
    value = nn_saturate(value + nn_divide(shortcut, layer->shortcut_shift));
    if (layer->slope != 0 && value < 0) {
        value *= layer->slope[c];
        if (layer->slope_shift != 0) {
            value = (value + ((int32_t)1 << (layer->slope_shift - 1))) >> layer->slope_shift;
        }
    }

    return nn_saturate(layer->offset != 0 ? value + layer->offset[c] : value);
}
