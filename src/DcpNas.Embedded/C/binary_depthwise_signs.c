/* The signs of one output pixel whose taps all lie in the image, 32 channels at once: counters of different signs and their limits are
 * compared as planes of bits. limits has so many planes a word of channels. Returns 0, and does nothing, where a tap lies outside. */
static int nn_binary_signs_depthwise(
    const nn_binary *layer, const uint32_t *in, int32_t y, int32_t x, const uint32_t *limits, int32_t planes, const uint32_t *rule, uint32_t *out)
{
    const nn_window *window = &layer->window;
    const int32_t words = layer->words;
    const int32_t kernel = window->kernel;
    const int32_t step = window->dilation * words;
    int32_t k, p, ky, kx, top, bottom, left, right;
    const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
    const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
    if (bottom - top < kernel || right - left < kernel) {
        return 0;
    }

    for (k = 0; k < words; k++) {
        uint32_t counters[8] = {0, 0, 0, 0, 0, 0, 0, 0};
        uint32_t below = 0;
        const uint32_t *w = layer->weight + k;
        for (ky = 0; ky < kernel; ky++) {
            const uint32_t *source = in + ((in_y + ky * window->dilation) * window->width + in_x) * words + k;
            for (kx = 0; kx < kernel; kx++) {
                uint32_t carry = *source ^ *w;
                for (p = 0; carry != 0; p++) {
                    const uint32_t sum = counters[p] ^ carry;
                    carry &= counters[p];
                    counters[p] = sum;
                }

                source += step;
                w += words;
            }
        }

        for (p = 0; p < planes; p++) {
            const uint32_t limit = *limits++;
            below = (~counters[p] & (limit | below)) | (limit & below);
        }

        out[k] = ~below ^ rule[k];
    }

    return 1;
}
