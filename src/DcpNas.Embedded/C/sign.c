/* Signs of 16-bit numbers, 32 channels a word: bit 1 (-1) where q < threshold, or the opposite where the channel's bit of rule is set. */
static void nn_sign(const int16_t *in, uint32_t *out, int32_t pixels, int32_t channels, const int16_t *threshold, const uint32_t *rule)
{
    int32_t i, c, k;
    for (i = 0; i < pixels; i++) {
        for (c = 0, k = 0; c < channels; k++) {
            uint32_t word = 0;
            uint32_t bit = 1;
            for (; bit != 0 && c < channels; c++, bit <<= 1) {
                if (*in++ < threshold[c]) {
                    word |= bit;
                }
            }

            *out++ = word ^ rule[k];
        }
    }
}
