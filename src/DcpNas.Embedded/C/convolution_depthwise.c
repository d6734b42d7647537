/* Convolution of 16-bit numbers by 8-bit weights [ky][kx][channels], each channel with its own filter. */
static void nn_convolve_depthwise(const nn_convolution *layer, const int16_t *in, int16_t *out)
{
    const nn_window *window = &layer->window;
    const int32_t channels = layer->out_channels;
    int32_t y, x, c, ky, kx, top, bottom, left, right;
    for (y = 0; y < window->out_height; y++) {
        const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
        for (x = 0; x < window->out_width; x++) {
            const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
            for (c = 0; c < channels; c++) {
                int32_t sum = 0;
                for (ky = top; ky < bottom; ky++) {
                    const int16_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x) * channels + c;
                    const int8_t *w = layer->weight + (ky * window->kernel + left) * channels + c;
                    for (kx = left; kx < right; kx++) {
                        sum += (int32_t)*source * *w;
                        source += window->dilation * channels;
                        w += channels;
                    }
                }

                sum = nn_saturate((nn_high(sum, layer->multiplier[c]) + layer->bias[c]) >> layer->shift);
                *out++ = layer->relu && sum < 0 ? (int16_t)0 : (int16_t)sum;
            }
        }
    }
}
