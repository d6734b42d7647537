/* Convolution of 1-bit numbers by 1-bit weights. Dense: words [out][ky][kx][words of in]; depthwise: [ky][kx][words]. */
typedef struct {
    nn_window window;
    uint16_t words, channels, out_channels; /* of the input; channels and words of 32 channels of one pixel */
    const uint32_t *weight;
} nn_binary;
