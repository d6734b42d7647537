/* Signs of the sums of one pixel. */
static void nn_threshold(const nn_sum *sums, uint32_t *out, int32_t channels, const nn_sum *threshold, const uint32_t *rule)
{
    int32_t c, k;
#if NN_HELIUM
    const uint32x4_t bits = vshlq_u32(vdupq_n_u32(1), vreinterpretq_s32_u32(vidupq_n_u32(0, 1)));
#endif
    for (c = 0, k = 0; c < channels; k++) {
        uint32_t word = 0;
#if NN_HELIUM
        int32_t shift;
        for (shift = 0; shift < 32 && c < channels; c += 4, shift += 4) {
            const mve_pred16_t wanted = vctp32q((uint32_t)(channels - c));
            word |= vaddvq_p_u32(bits, vcmpltq_m_s32(nn_load_lanes(sums + c, sizeof *sums, wanted), nn_load_lanes(threshold + c, sizeof *threshold, wanted), wanted)) << shift;
        }
#else
        uint32_t bit = 1;
        for (; bit != 0 && c < channels; c++, bit <<= 1) {
            if (sums[c] < threshold[c]) {
                word |= bit;
            }
        }
#endif

        out[k] = word ^ rule[k];
    }
}
