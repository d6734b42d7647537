/* Runs a generated network on drawn images: the self-test, a hash over the results of all images (of a detector over its boxes too), instructions of one image. */
#include "net.h"
#include "board.h"

#ifndef IMAGES
#define IMAGES 200
#endif

static uint32_t arena[NET_ARENA_BYTES / 4];
static uint8_t pixels[NET_PIXEL_BYTES];
static int16_t results[NET_RESULTS];
#ifdef NET_MOST_BOXES
static net_box boxes[NET_MOST_BOXES];
#endif

int main(void)
{
    uint32_t hash = 2166136261u, state = 0x9e3779b9u, before, after;
    int image, i;
    const char *failed = net_selftest(arena, pixels, results);
    if (failed != 0) {
        board_print("selftest: differs at ");
        board_print(failed);
        board_print("\n");
        return 1;
    }

    for (image = 0; image < IMAGES; image++) {
        for (i = 0; i < NET_PIXEL_BYTES; i++) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            pixels[i] = (uint8_t)(state >> 24);
        }

        before = board_instructions();
        if (net_run(pixels, results, arena) != NET_OK) {
            return 2;
        }

        after = board_instructions();
        if (image == 0) {
            print_number("instructions ", board_between(before, after));
        }

        for (i = 0; i < NET_RESULTS; i++) {
            hash = (hash ^ (uint16_t)results[i]) * 16777619u;
        }

#ifdef NET_MOST_BOXES
        before = board_instructions();
        i = (int)net_detect(results, boxes, NET_MOST_BOXES, arena);
        after = board_instructions();
        if (i < 0) {
            return 3;
        }

        if (image == 0) {
            print_number("boxes ", (uint32_t)i);
            print_number("detection ", board_between(before, after));
        }

        while (i-- > 0) {
            hash = (hash ^ boxes[i].left ^ ((uint32_t)boxes[i].right << 16)) * 16777619u;
            hash = (hash ^ boxes[i].top ^ ((uint32_t)boxes[i].bottom << 16)) * 16777619u;
            hash = (hash ^ boxes[i].class_index ^ ((uint32_t)boxes[i].score << 16)) * 16777619u;
        }
#endif
    }

    print_number("hash ", hash);
    return 0;
}
