/* Weights [out][ky][kx][in]. */
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
            const int8_t *filter = layer->weight;
            for (c = 0; c < layer->out_channels; c++) {
                int32_t sum = 0;
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
                sum = nn_saturate((nn_high(sum, layer->multiplier[c]) + layer->bias[c]) >> layer->shift);
                *out++ = layer->relu && sum < 0 ? (int16_t)0 : (int16_t)sum;
            }
        }
    }
}
