/* The numbers of one pixel from its sums. The shortcut, if any, may be the place of the result. */
static void nn_affine_sums(const nn_affine *layer, const nn_sum *in, const int16_t *shortcut, int16_t *out)
{
    /* Copies: the result could, for all the compiler knows, lie over the layer. */
    const int16_t *const multiplier = layer->multiplier;
    const int32_t *const bias = layer->bias;
    const int16_t *const slope = layer->slope;
    const int16_t *const offset = layer->offset;
    const int32_t shift = layer->shift, shortcut_shift = layer->shortcut_shift, slope_shift = layer->slope_shift, channels = layer->channels;
    int32_t c;
#if NN_HELIUM
    for (c = 0; c < channels; c += 4) {
        const mve_pred16_t wanted = vctp32q((uint32_t)(channels - c));
        int32x4_t value = vmulq_s32(nn_load_lanes(in + c, sizeof *in, wanted), nn_load_lanes(multiplier + c, sizeof *multiplier, wanted));
        value = vshlq_r_s32(vaddq_s32(value, nn_load_lanes(bias + c, sizeof *bias, wanted)), -shift);
        if (shortcut != 0) {
            value = vaddq_s32(value, nn_divide_lanes(nn_load_lanes(shortcut + c, sizeof *shortcut, wanted), shortcut_shift));
        }

        value = nn_saturate_lanes(value, 2);
        if (slope != 0) {
            const int32x4_t negative = vrshlq_n_s32(vmulq_s32(value, nn_load_lanes(slope + c, sizeof *slope, wanted)), -slope_shift);
            value = vpselq_s32(negative, value, vcmpltq_n_s32(value, 0));
        }

        if (offset != 0) {
            value = vaddq_s32(value, nn_load_lanes(offset + c, sizeof *offset, wanted));
        }

        nn_store_lanes(out + c, sizeof *out, nn_saturate_lanes(value, sizeof *out), wanted);
    }
#else
    const int32_t half = slope_shift == 0 ? 0 : (int32_t)1 << (slope_shift - 1);
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
#endif
}
