/* Convolution of 16-bit numbers by 8-bit weights; a linear layer is one of one pixel. */
typedef struct {
    nn_window window;
    uint16_t in_channels, out_channels;
    uint16_t shift, relu;
    const int8_t *weight;
    const int16_t *multiplier;
    const int32_t *bias;
} nn_convolution;
