"""Draws weights for resnet8.c: whole numbers of 8 bits, uniform; scales that keep outputs within 8 bits. What an image costs does not depend on them.

    draw_resnet8.py > weights.c
"""
import random

# Weights and output channels, in the order in which resnet8.c reads them.
LAYERS = [(3, 16, 3), (16, 16, 3), (16, 16, 3), (16, 32, 3), (32, 32, 3), (16, 32, 1), (32, 64, 3), (64, 64, 3), (32, 64, 1), (64, 10, 1)]


def table(kind, name, numbers):
    print(f'const {kind} {name}[{len(numbers)}] = {{')
    for i in range(0, len(numbers), 24):
        print('    ' + ', '.join(str(number) for number in numbers[i:i + 24]) + ',')
    print('};\n')


def main():
    draw = random.Random(1)
    channels = sum(out for _, out, _ in LAYERS)
    terms = [inputs * kernel * kernel for inputs, out, kernel in LAYERS for _ in range(out)]
    print('#include <stdint.h>\n')
    table('int8_t', 'resnet8_weights', [draw.randint(-127, 127) for _ in range(sum(inputs * out * kernel * kernel for inputs, out, kernel in LAYERS))])
    table('int32_t', 'resnet8_biases', [draw.randint(-2000, 2000) for _ in range(channels)])
    table('int32_t', 'resnet8_multipliers', [draw.randint(1 << 30, (1 << 31) - 1) for _ in range(channels)])
    # A sum of n products is about 5,000 * sqrt(n) large.
    table('int32_t', 'resnet8_shifts', [-7 - (n.bit_length() + 1) // 2 for n in terms])


main()
