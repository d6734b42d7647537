/* Convolution of 16-bit numbers by 1-bit weights, packed as those of 1-bit convolutions. */
static void nn_sign_weights(const nn_binary *layer, int32_t depthwise, int32_t shift, const int16_t *in, int16_t *out)
{
    const nn_window *window = &layer->window;
    const int32_t channels = layer->channels;
    const int32_t words = layer->words;
    int32_t y, x, c, ky, kx, i, top, bottom, left, right;
    for (y = 0; y < window->out_height; y++) {
        const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
        for (x = 0; x < window->out_width; x++) {
            const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
            for (c = 0; c < layer->out_channels; c++) {
                int32_t sum = 0;
                for (ky = top; ky < bottom; ky++) {
                    for (kx = left; kx < right; kx++) {
                        const int32_t tap = ky * window->kernel + kx;
                        const int16_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x + (kx - left) * window->dilation) * channels;
                        if (depthwise) {
                            const uint32_t sign = layer->weight[tap * words + c / 32] >> (c % 32);
                            sum += (sign & 1u) != 0 ? -(int32_t)source[c] : source[c];
                        } else {
                            const uint32_t *w = layer->weight + (c * window->kernel * window->kernel + tap) * words;
                            for (i = 0; i < channels; i++) {
                                sum += ((w[i / 32] >> (i % 32)) & 1u) != 0 ? -(int32_t)source[i] : source[i];
                            }
                        }
                    }
                }

                *out++ = nn_saturate(shift == 0 ? sum : (sum + ((int32_t)1 << (shift - 1))) >> shift);
            }
        }
    }
}
