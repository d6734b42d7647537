/* Signs of 16-bit numbers, 32 channels a word: bit 1 (-1) where q < threshold, or the opposite where the channel's bit of rule is set. */
static void nn_sign(const int16_t *in, uint32_t *out, int32_t pixels, int32_t channels, const int16_t *threshold, const uint32_t *rule)
{
    int32_t i, c, k;
#if NN_HELIUM
    const uint16x8_t bits = vshlq_u16(vdupq_n_u16(1), vreinterpretq_s16_u16(vidupq_n_u16(0, 1)));
#endif
    for (i = 0; i < pixels; i++, in += channels) {
        for (c = 0, k = 0; c < channels; k++) {
            uint32_t word = 0;
#if NN_HELIUM
            int32_t shift;
            for (shift = 0; shift < 32 && c < channels; c += 8, shift += 8) {
                const mve_pred16_t wanted = vctp16q((uint32_t)(channels - c));
                const mve_pred16_t below = vcmpltq_m_s16(nn_load_halves(in + c, sizeof *in, wanted), vldrhq_z_s16(threshold + c, wanted), wanted);
                word |= (uint32_t)vaddvq_p_u16(bits, below) << shift;
            }
#else
            uint32_t bit = 1;
            for (; bit != 0 && c < channels; c++, bit <<= 1) {
                if (in[c] < threshold[c]) {
                    word |= bit;
                }
            }
#endif

            *out++ = word ^ rule[k];
        }
    }
}
