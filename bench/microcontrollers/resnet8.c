/* The layers of ResNet-8 of MLPerf Tiny (32 x 32 x 3, ten classes, 12.5 million multiply-accumulates) by the int8 kernels of CMSIS-NN, on a drawn image and drawn weights:
 * instructions of an image, bytes that it takes beside the weights, and a hash of every layer, which is the same on every processor.
 * Batch normalisation is part of the weights, as converters leave it. The three blocks: two convolutions of 3x3, a shortcut (from the second block on a convolution of 1x1), their sum. */
#include "arm_nnfunctions.h"
#include "arm_nnsupportfunctions.h"
#include "instruction_count.h"

#define MAP (32 * 32 * 16) /* the largest value */

extern const int8_t resnet8_weights[77360]; /* baselines.sh draws them */
extern const int32_t resnet8_biases[346], resnet8_multipliers[346], resnet8_shifts[346];

/* Three values at most are alive at once: what a block reads, and its two convolutions, of which the second takes the shortcut in. The image lies in one of them. */
static int8_t values[3][MAP], result[10];
static int8_t scratch[16384];
static int32_t scratch_used;
static int weight_at, channel_at;
static uint32_t hash;

static void look_at(const int8_t *value, int count)
{
    int i;
    for (i = 0; i < count; i++) {
        hash = (hash ^ (uint8_t)value[i]) * 16777619u;
    }
}

static int larger(int32_t bytes)
{
    scratch_used = bytes > scratch_used ? bytes : scratch_used;
    return bytes <= (int32_t)sizeof scratch;
}

/* A convolution with padding "same": at stride 2 the missing row stands below. */
static int convolve(const int8_t *from, int side, int channels, int8_t *to, int out, int kernel, int stride, int relu)
{
    const cmsis_nn_dims input = {1, side, side, channels}, filter = {out, kernel, kernel, channels}, bias = {1, 1, 1, out};
    const cmsis_nn_dims output = {1, side / stride, side / stride, out};
    const int padding = stride == 1 ? kernel / 2 : 0;
    const cmsis_nn_conv_params parameters = {128, -128, {stride, stride}, {padding, padding}, {1, 1}, {relu ? -128 : -127, 127}};
    cmsis_nn_per_channel_quant_params scales;
    const cmsis_nn_context context = {scratch, sizeof scratch};
    const int8_t *weights = resnet8_weights + weight_at;
    const int32_t *biases = resnet8_biases + channel_at;
    scales.multiplier = (int32_t *)(uintptr_t)(resnet8_multipliers + channel_at); /* CMSIS-NN reads them only */
    scales.shift = (int32_t *)(uintptr_t)(resnet8_shifts + channel_at);
    weight_at += out * kernel * kernel * channels;
    channel_at += out;
    return larger(arm_convolve_wrapper_s8_get_buffer_size(&parameters, &input, &filter, &output)) &&
        arm_convolve_wrapper_s8(&context, &parameters, &scales, &input, from, &filter, weights, &bias, biases, &output, to) == ARM_CMSIS_NN_SUCCESS;
}

static int add(const int8_t *a, const int8_t *b, int8_t *to, int count)
{
    return arm_elementwise_add_s8(a, b, 128, 1073741824, 0, 128, 1717986918, -1, 20, to, -128, 1431655765, -19, -128, 127, count) == ARM_CMSIS_NN_SUCCESS;
}

static int head(const int8_t *from, int8_t *pooled, int8_t *to)
{
    const cmsis_nn_dims map = {1, 8, 8, 64}, window = {1, 8, 8, 1}, pixel = {1, 1, 1, 64}, filter = {64, 1, 1, 10}, bias = {1, 1, 1, 10}, classes = {1, 1, 1, 10};
    const cmsis_nn_pool_params pool = {{8, 8}, {0, 0}, {-128, 127}};
    const cmsis_nn_fc_params dense = {128, 0, -128, {-128, 127}};
    const cmsis_nn_per_tensor_quant_params scale = {1431655765, -8};
    const cmsis_nn_context context = {scratch, sizeof scratch};
    if (!larger(arm_avgpool_s8_get_buffer_size(1, 64)) || arm_avgpool_s8(&context, &pool, &map, from, &window, &pixel, pooled) != ARM_CMSIS_NN_SUCCESS) {
        return 0;
    }

    if (!larger(arm_fully_connected_s8_get_buffer_size(&filter))) {
        return 0;
    }

#if defined(ARM_MATH_MVEI)
    /* Helium reads sums of the weights, which programs make once; here they count, 10 sums of 64. */
    arm_vector_sum_s8((int32_t *)(void *)scratch, 64, 10, resnet8_weights + weight_at, 128, 0, resnet8_biases + channel_at);
#endif
    return arm_fully_connected_s8(&context, &dense, &scale, &pixel, pooled, &filter, resnet8_weights + weight_at, &bias, resnet8_biases + channel_at, &classes, to) == ARM_CMSIS_NN_SUCCESS;
}

static int run(int watch)
{
    int8_t *x = values[0], *y = values[1], *z = values[2];
    int block, side = 32, channels = 16;
    weight_at = channel_at = 0;
    if (!convolve(y, 32, 3, x, 16, 3, 1, 1)) {
        return 0;
    }

    for (block = 0; block < 3; block++) {
        const int stride = block == 0 ? 1 : 2, out = channels * stride, count = side / stride * (side / stride) * out;
        int8_t *shortcut = x, *sum;
        if (!convolve(x, side, channels, y, out, 3, stride, 1) || !convolve(y, side / stride, out, z, out, 3, 1, 0)) {
            return 0;
        }

        if (stride == 2) {
            shortcut = y; /* nobody reads the first convolution any more */
            if (!convolve(x, side, channels, shortcut, out, 1, stride, 0)) {
                return 0;
            }
        }

        if (!add(z, shortcut, z, count)) {
            return 0;
        }

        sum = z;
        z = x;
        x = sum;
        side /= stride;
        channels = out;
        if (watch) {
            look_at(x, count);
        }
    }

    if (!head(x, y, result)) {
        return 0;
    }

    arm_softmax_s8(result, 1, 10, 1717986944, 22, -496, result);
    return 1;
}

static void draw_image(void)
{
    uint32_t state = 0x9e3779b9u;
    int i;
    for (i = 0; i < 32 * 32 * 3; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        values[1][i] = (int8_t)((int)(state >> 24) - 128);
    }
}

int main(void)
{
    draw_image();
    count_begin();
    if (!run(0)) {
        return 2;
    }

    count_tick();
    hash = 2166136261u;
    draw_image();
    if (!run(1)) {
        return 2;
    }

    look_at(result, 10);
    print_number("instructions ", count_total());
    print_number("ram ", sizeof values + sizeof result + (uint32_t)scratch_used);
    print_number("hash ", hash);
    return 0;
}
