/* Where the taps of a square filter lie: tap k of output o reads input o * stride + first + k * dilation. */
typedef struct {
    uint16_t height, width;         /* of the input */
    uint16_t out_height, out_width; /* of the output */
    uint16_t kernel, stride, dilation;
    int16_t first;
} nn_window;

/* The taps [*begin, *end) of one axis that lie in the image, and the input position of the first of them. */
static int32_t nn_taps(const nn_window *window, int32_t out, int32_t size, int32_t *begin, int32_t *end)
{
    int32_t at = out * window->stride + window->first;
    int32_t k = 0;
    int32_t last = window->kernel;
    while (k < last && at + k * window->dilation < 0) {
        k++;
    }

    while (last > k && at + (last - 1) * window->dilation >= size) {
        last--;
    }

    *begin = k;
    *end = last;
    return at + k * window->dilation;
}
