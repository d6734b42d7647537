/* Instructions of every step of a generated network, on one drawn image: compiled with -DNET_LAYER_HOOK=1. */
#include "net.h"
#include "board.h"

#define MOST_STEPS 1024

static uint32_t arena[NET_ARENA_BYTES / 4];
static uint8_t pixels[NET_PIXEL_BYTES];
static int16_t results[NET_RESULTS];
static uint32_t begin[MOST_STEPS + 1], end[MOST_STEPS];
static int steps;

void net_layer_hook(int layer, const void *values, int32_t count, int size)
{
    (void)values;
    (void)count;
    (void)size;
    end[layer] = board_instructions();
    steps = layer + 1;
    begin[steps] = board_instructions();
}

int main(void)
{
    uint32_t state = 0x9e3779b9u;
    int i;
    for (i = 0; i < NET_PIXEL_BYTES; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        pixels[i] = (uint8_t)(state >> 24);
    }

    begin[0] = board_instructions();
    if (net_run(pixels, results, arena) != NET_OK) {
        return 2;
    }

    for (i = 0; i < steps; i++) {
        print_number("", board_between(begin[i], end[i]));
    }

    return 0;
}
