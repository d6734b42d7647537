/* Signs of the sums of one pixel. */
static void nn_threshold(const nn_sum *sums, uint32_t *out, int32_t channels, const nn_sum *threshold, const uint32_t *rule)
{
    int32_t c, k;
    for (c = 0, k = 0; c < channels; k++) {
        uint32_t word = 0;
        uint32_t bit = 1;
        for (; bit != 0 && c < channels; c++, bit <<= 1) {
            if (sums[c] < threshold[c]) {
                word |= bit;
            }
        }

        out[k] = word ^ rule[k];
    }
}
