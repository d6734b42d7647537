/* Weights [out][ky][kx][in]. */
NN_NOINLINE
static void nn_convolve(const nn_convolution *layer, const int16_t *in, int16_t *out)
{
    const nn_window *window = &layer->window;
    const int32_t channels = layer->in_channels;
    const int32_t row = (int32_t)window->kernel * channels;
    int32_t y, x, c, ky, kx, top, bottom, left, right;
    for (y = 0; y < window->out_height; y++) {
        const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
        for (x = 0; x < window->out_width; x++) {
            const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
#if NN_HELIUM
            int32_t sums[4];
#else
            const int8_t *filter = layer->weight;
#endif
            for (c = 0; c < layer->out_channels; c++) {
                int32_t sum = 0;
#if NN_HELIUM
                if ((c & 3) == 0) {
                    const uint32x4_t lanes = vminq_u32(vidupq_n_u32((uint32_t)c, 1), vdupq_n_u32((uint32_t)layer->out_channels - 1u)); /* the last one stands for those that are missing */
                    const uint32x4_t offsets = vmulq_n_u32(lanes, (uint32_t)(row * window->kernel));
                    int32x4_t four = vdupq_n_s32(0);
                    for (ky = top; ky < bottom; ky++) {
                        const int16_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x) * channels;
                        const int8_t *w = layer->weight + ky * row + left * channels;
                        const int32_t side_by_side = window->dilation == 1 ? right - left : 1;
                        for (kx = left; kx < right; kx += side_by_side) {
                            four = nn_dot_lanes(source, w, offsets, side_by_side * channels, four);
                            source += window->dilation * channels;
                            w += channels;
                        }
                    }

                    vst1q_s32(sums, four);
                }

                sum = sums[c & 3];
#else
                for (ky = top; ky < bottom; ky++) {
                    const int16_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x) * channels;
                    const int8_t *w = filter + ky * row + left * channels;
                    if (window->dilation == 1) {
                        sum = nn_dot(source, w, (right - left) * channels, sum);
                    } else {
                        for (kx = left; kx < right; kx++) {
                            sum = nn_dot(source, w, channels, sum);
                            source += window->dilation * channels;
                            w += channels;
                        }
                    }
                }

                filter += row * window->kernel;
#endif
                sum = nn_saturate((nn_high(sum, layer->multiplier[c]) + layer->bias[c]) >> layer->shift);
                *out++ = layer->relu && sum < 0 ? (int16_t)0 : (int16_t)sum;
            }
        }
    }
}
