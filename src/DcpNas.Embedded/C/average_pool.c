/* The mean of the taps of each window that lie in the image. */
static void nn_average_pool(const nn_window *window, int32_t channels, const int16_t *in, int16_t *out)
{
    int32_t y, x, c, ky, kx, top, bottom, left, right;
    for (y = 0; y < window->out_height; y++) {
        const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
        for (x = 0; x < window->out_width; x++) {
            const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
            const int32_t count = (bottom - top) * (right - left);
            const int32_t share = (65536 + count) / (2 * count);
            for (c = 0; c < channels; c++) {
                int32_t sum = 0;
                for (ky = 0; ky < bottom - top; ky++) {
                    const int16_t *source = in + ((in_y + ky) * window->width + in_x) * channels + c;
                    for (kx = left; kx < right; kx++) {
                        sum += *source;
                        source += channels;
                    }
                }

                *out++ = nn_saturate((sum * share + 16384) >> 15);
            }
        }
    }
}
