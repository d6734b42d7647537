/* The largest number of each window. */
static void nn_max_pool(const nn_window *window, int32_t channels, const int16_t *in, int16_t *out)
{
    int32_t y, x, c, ky, kx, top, bottom, left, right;
    for (y = 0; y < window->out_height; y++) {
        const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
        for (x = 0; x < window->out_width; x++) {
            const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
#if NN_HELIUM
            for (c = 0; c < channels; c += 8) {
                const mve_pred16_t wanted = vctp16q((uint32_t)(channels - c));
                int16x8_t most = vdupq_n_s16(-32768);
                for (ky = 0; ky < bottom - top; ky++) {
                    const int16_t *source = in + ((in_y + ky) * window->width + in_x) * channels + c;
                    for (kx = left; kx < right; kx++) {
                        most = vmaxq_s16(most, nn_load_halves(source, sizeof *source, wanted));
                        source += channels;
                    }
                }

                nn_store_halves(out + c, sizeof *out, most, wanted);
            }

            out += channels;
#else
            for (c = 0; c < channels; c++) {
                int16_t largest = -32768;
                for (ky = 0; ky < bottom - top; ky++) {
                    const int16_t *source = in + ((in_y + ky) * window->width + in_x) * channels + c;
                    for (kx = left; kx < right; kx++) {
                        largest = *source > largest ? *source : largest;
                        source += channels;
                    }
                }

                *out++ = largest;
            }
#endif
        }
    }
}
