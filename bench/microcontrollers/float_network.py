"""Writes a packed network as plain C in float32: the same graph, every 1-bit weight and value a float of -1 or +1, as a program without 1-bit kernels would compute it.

    float_network.py MODEL FOLDER    writes FOLDER/network.c: float_run(pixels, results), its constants in sections .weights, its values in one planned array,
                                     and the results of a drawn image by the reader in tests/, which the C code is compared with
                                     prints multiply-accumulates of 1-bit and of real-valued layers

Nothing is 8 or 16 bits and nothing is packed; loops run over the channels of a pixel, four products a turn. Normalisation stays a step of its own, so this is no
converter to deploy with, but what float32 arithmetic costs on the same layers.
"""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tests', 'DcpNas.Runtime.Tests', 'Model'))
import packed_model  # noqa: E402

KERNELS = r"""
#include <stdint.h>
#include "instruction_count.h"
#include "network.h"

typedef struct { int h, w, c, oh, ow, oc, k, s, d, p; } shape;

static float dot(const float *a, const float *b, int n)
{
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    int i;
    for (i = 0; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; i++) {
        s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
}

static void dense(const shape *l, const float *in, const float *weight, const float *bias, int relu, float *out)
{
    int y, x, o, ky, kx;
    for (y = 0; y < l->oh; y++) {
        for (x = 0; x < l->ow; x++) {
            for (o = 0; o < l->oc; o++) {
                const float *w = weight + o * l->k * l->k * l->c;
                float sum = bias ? bias[o] : 0;
                for (ky = 0; ky < l->k; ky++) {
                    const int row = y * l->s + l->p + ky * l->d;
                    if (row < 0 || row >= l->h) {
                        continue;
                    }
                    for (kx = 0; kx < l->k; kx++) {
                        const int column = x * l->s + l->p + kx * l->d;
                        if (column >= 0 && column < l->w) {
                            sum += dot(in + (row * l->w + column) * l->c, w + (ky * l->k + kx) * l->c, l->c);
                        }
                    }
                }
                *out++ = relu && sum < 0 ? 0 : sum;
            }
        }
        count_tick();
    }
}

static void depthwise(const shape *l, const float *in, const float *weight, const float *bias, int relu, float *out)
{
    int y, x, c, ky, kx;
    for (y = 0; y < l->oh; y++) {
        for (x = 0; x < l->ow; x++, out += l->c) {
            for (c = 0; c < l->c; c++) {
                out[c] = bias ? bias[c] : 0;
            }
            for (ky = 0; ky < l->k; ky++) {
                const int row = y * l->s + l->p + ky * l->d;
                if (row < 0 || row >= l->h) {
                    continue;
                }
                for (kx = 0; kx < l->k; kx++) {
                    const int column = x * l->s + l->p + kx * l->d;
                    if (column >= 0 && column < l->w) {
                        const float *a = in + (row * l->w + column) * l->c, *w = weight + (ky * l->k + kx) * l->c;
                        for (c = 0; c < l->c; c++) {
                            out[c] += a[c] * w[c];
                        }
                    }
                }
            }
            for (c = 0; relu && c < l->c; c++) {
                out[c] = out[c] < 0 ? 0 : out[c];
            }
        }
        count_tick();
    }
}

/* rule 0: -1 below the threshold; rule 1: -1 from it on. */
static void sign(const float *in, const float *threshold, const uint8_t *rule, int pixels, int c, float *out)
{
    int i;
    for (; pixels > 0; pixels--) {
        for (i = 0; i < c; i++) {
            *out++ = (*in++ < threshold[i]) == (rule[i] == 0) ? -1.0f : 1.0f;
        }
    }
    count_tick();
}

static void affine(const float *in, const float *scale, const float *bias, const float *shortcut, const float *slope, const float *shift, int pixels, int c, float *out)
{
    int i;
    for (; pixels > 0; pixels--) {
        for (i = 0; i < c; i++) {
            float t = *in++ * scale[i] + bias[i];
            if (shortcut) {
                t += *shortcut++;
            }
            if (slope && t < 0) {
                t *= slope[i];
            }
            *out++ = shift ? t + shift[i] : t;
        }
    }
    count_tick();
}

static void pool(const shape *l, const float *in, int maximum, float *out)
{
    int y, x, c, ky, kx;
    for (y = 0; y < l->oh; y++) {
        for (x = 0; x < l->ow; x++, out += l->c) {
            int count = 0;
            for (ky = 0; ky < l->k; ky++) {
                for (kx = 0; kx < l->k; kx++) {
                    const int row = y * l->s + l->p + ky, column = x * l->s + l->p + kx;
                    const float *a = in + (row * l->w + column) * l->c;
                    if (row < 0 || row >= l->h || column < 0 || column >= l->w) {
                        continue;
                    }
                    for (c = 0; c < l->c; c++) {
                        out[c] = count == 0 ? a[c] : !maximum ? out[c] + a[c] : a[c] > out[c] ? a[c] : out[c];
                    }
                    count++;
                }
            }
            if (!maximum) {
                const float share = 1.0f / (float)count;
                for (c = 0; c < l->c; c++) {
                    out[c] *= share;
                }
            }
        }
        count_tick();
    }
}

static void add(const float *a, const float *b, int n, float *out)
{
    int i;
    for (i = 0; i < n; i++) {
        out[i] = a[i] + b[i];
    }
    count_tick();
}

static void relu(const float *a, int n, float *out)
{
    int i;
    for (i = 0; i < n; i++) {
        out[i] = a[i] < 0 ? 0 : a[i];
    }
    count_tick();
}

static void concat(const float *in, int c, float *out, int all, int pixels)
{
    int i;
    for (; pixels > 0; pixels--, out += all) {
        for (i = 0; i < c; i++) {
            out[i] = *in++;
        }
    }
    count_tick();
}

static void global_average(const float *in, int pixels, int c, float *out)
{
    int i, pixel;
    for (i = 0; i < c; i++) {
        out[i] = 0;
    }
    for (pixel = 0; pixel < pixels; pixel++) {
        for (i = 0; i < c; i++) {
            out[i] += *in++;
        }
    }
    for (i = 0; i < c; i++) {
        out[i] /= (float)pixels;
    }
    count_tick();
}

static void image(const uint8_t *pixels, const float *scale, const float *bias, int count, int c, float *out)
{
    int i;
    for (; count > 0; count--) {
        for (i = 0; i < c; i++) {
            *out++ = (float)*pixels++ * scale[i] + bias[i];
        }
    }
}
"""


class Writer:
    """Statements of the network; values get their place in one array when all are known."""

    def __init__(self, model, preprocessing):
        self.model, self.preprocessing = model, preprocessing
        self.tables, self.lines, self.values, self.shapes = [], [], {}, {'image': model.size}
        self.same = {}
        self.binary = self.real = 0

    def table(self, values, kind='float'):
        name = f'table{len(self.tables)}'
        text = ', '.join(str(int(v)) if kind != 'float' else f'{float(v):.9g}f' if np.isfinite(v) and float(v) != int(v) else f'{float(np.clip(v, -3e38, 3e38)):.1f}f' if abs(v) < 1e9
                         else f'{float(np.clip(v, -3e38, 3e38)):.9e}f' for v in np.ravel(values))
        self.tables.append(f'WEIGHTS static const {kind} {name}[{np.size(values)}] = {{{text}}};')
        return name

    def optional(self, node, slot):
        tensor = self.model.tensor(node, slot)
        return '0' if tensor is None else self.table(tensor)

    def root(self, name):
        while name in self.same:
            name = self.same[name]
        return name

    def define(self, name, shape):
        self.shapes[name] = shape
        self.values[name] = [len(self.lines), len(self.lines)]
        return f'@{name}@'

    def read(self, name):
        name = self.root(name)
        self.values[name][1] = len(self.lines)
        return f'@{name}@'

    def taps(self, node, shape, channels):
        (rows, columns), _ = packed_model.windows(node, *shape[:2])
        start = node.get('offset', 0) - node['padding']
        text = f'{{{shape[0]}, {shape[1]}, {shape[2]}, {rows}, {columns}, {channels}, {node["kernel"]}, {node["stride"]}, {node.get("dilation", 1)}, {start}}}'
        return (rows, columns, channels), text

    def convolution(self, node, weight, bias, relu, is_binary):
        shape = self.shapes[self.root(node['inputs'][0])]
        channels = weight.shape[-1] if node['depthwise'] else weight.shape[0]
        to, text = self.taps(node, shape, channels)
        products = to[0] * to[1] * channels * node['kernel'] ** 2 * (1 if node['depthwise'] else shape[2])
        self.binary, self.real = self.binary + products * is_binary, self.real + products * (not is_binary)
        kernel, source = 'depthwise' if node['depthwise'] else 'dense', self.read(node['inputs'][0])
        target = self.define(node['name'], to)
        weight = self.table(weight)
        self.lines.append(f'{{ static const shape l = {text}; {kernel}(&l, {source}, {weight}, {bias}, {int(relu)}, {target}); }}')

    def node(self, node):
        kind, name = node['type'], node['name']
        first = self.root(node['inputs'][0])
        shape = self.shapes[first]
        pixels = shape[0] * shape[1]
        if kind == 'identity':
            self.same[name] = first
            return
        if kind == 'convolution':
            self.convolution(node, self.model.tensor(node, 'weight'), self.optional(node, 'bias'), node['relu'], False)
            return
        if kind in ('binary_convolution', 'sign_weight_convolution'):
            self.convolution(node, packed_model.signs(self.model, node)[0], '0', False, True)
            if self.model.tensor(node, 'threshold') is not None:
                self.rule(node, name)
            return
        if kind == 'linear':
            weight = self.model.tensor(node, 'weight')
            self.convolution({**node, 'kernel': 1, 'stride': 1, 'padding': 0, 'depthwise': False}, weight.reshape(weight.shape[0], 1, 1, -1), self.optional(node, 'bias'), False, False)
            return
        if kind == 'sign':
            source = self.read(first)
            target = self.define(name, shape)
            self.lines.append(f'sign({source}, {self.table(self.model.tensor(node, "threshold"))}, {self.table(self.model.tensor(node, "rule"), "uint8_t")}, {pixels}, {shape[2]}, {target});')
            return
        sources = [self.read(one) for one in node['inputs']]
        if kind == 'affine':
            target = self.define(name, shape)
            parts = [self.table(self.model.tensor(node, 'scale')), self.table(self.model.tensor(node, 'bias')), sources[1] if len(sources) > 1 else '0',
                     self.optional(node, 'slope'), self.optional(node, 'shift')]
            self.lines.append(f'affine({sources[0]}, {", ".join(parts)}, {pixels}, {shape[2]}, {target});')
        elif kind in ('max_pool', 'average_pool'):
            to, text = self.taps(node, shape, shape[2])
            target = self.define(name, to)
            self.lines.append(f'{{ static const shape l = {text}; pool(&l, {sources[0]}, {int(kind == "max_pool")}, {target}); }}')
        elif kind == 'add':
            target = self.define(name, shape)
            calls = [f'add({sources[0] if i == 0 else target}, {source}, {int(np.prod(shape))}, {target});' for i, source in enumerate(sources[1:])]
            self.lines.append(' '.join(calls))
        elif kind == 'concat':
            channels = [self.shapes[self.root(one)][2] for one in node['inputs']]
            target = self.define(name, (shape[0], shape[1], sum(channels)))
            firsts = np.cumsum([0] + channels)
            self.lines.append(' '.join(f'concat({source}, {c}, {target} + {at}, {sum(channels)}, {pixels});' for source, c, at in zip(sources, channels, firsts)))
        elif kind == 'relu':
            target = self.define(name, shape)
            self.lines.append(f'relu({sources[0]}, {int(np.prod(shape))}, {target});')
        elif kind == 'global_average':
            target = self.define(name, (1, 1, shape[2]))
            self.lines.append(f'global_average({sources[0]}, {pixels}, {shape[2]}, {target});')
        else:
            raise SystemExit(f'{name}: float_network.py knows no node of type {kind}')

    def rule(self, node, name):
        """Thresholds of a 1-bit convolution: signs of its sums, in place."""
        shape = self.shapes[name]
        threshold = np.clip(self.model.tensor(node, 'threshold').astype(float), -2 ** 24, 2 ** 24)
        self.values[name][1] = len(self.lines)
        self.lines.append(f'sign(@{name}@, {self.table(threshold)}, {self.table(self.model.tensor(node, "rule"), "uint8_t")}, {shape[0] * shape[1]}, {shape[2]}, @{name}@);')

    def write(self):
        model = self.model
        mean, deviation = np.array(self.preprocessing['mean']), np.array(self.preprocessing['std'])
        target = self.define('image', model.size)
        scale, bias = self.table(1 / (255 * deviation)), self.table(-mean / deviation)
        self.lines.append(f'image(pixels, {scale}, {bias}, {model.size[0] * model.size[1]}, {model.size[2]}, {target});')
        for node in model.nodes:
            self.node(node)
        outputs = []
        for name in model.outputs:
            count = int(np.prod(self.shapes[self.root(name)]))
            source = self.read(name)
            self.lines.append(f'add_results(results + {sum(outputs)}, {source}, {count});')
            outputs.append(count)
        places, numbers = self.plan()
        body = '\n'.join('    ' + self.placed(line, places) for line in self.lines)
        code = KERNELS + f'\nstatic float memory[{numbers}];\n' + '\n'.join(self.tables) + """

static void add_results(float *results, const float *from, int count)
{
    int i;
    for (i = 0; i < count; i++) {
        results[i] = from[i];
    }
}

void float_run(const uint8_t *pixels, float *results)
{
""" + body + '\n}\n'
        return code, numbers, sum(outputs)

    def plan(self):
        """First fit, the largest values first: values that live at the same time lie apart."""
        places, total = {}, 0
        sizes = {name: int(np.prod(self.shapes[name])) for name in self.values}
        for name in sorted(self.values, key=lambda one: -sizes[one]):
            begin, end = self.values[name]
            taken = sorted((places[other], places[other] + sizes[other]) for other in places if not (self.values[other][1] < begin or self.values[other][0] > end))
            at = 0
            for first, last in taken:
                if at + sizes[name] <= first:
                    break
                at = max(at, last)
            places[name] = at
            total = max(total, at + sizes[name])
        return places, total

    @staticmethod
    def placed(line, places):
        for name, at in places.items():
            line = line.replace(f'@{name}@', f'(memory + {at})')
        return line


def drawn_image(size):
    state, pixels = 0x9e3779b9, []
    for _ in range(int(np.prod(size))):
        state ^= state << 13 & 0xffffffff
        state ^= state >> 17
        state ^= state << 5 & 0xffffffff
        pixels.append(state >> 24)
    return np.array(pixels, np.uint8).reshape(size)


def main():
    import json
    import struct
    path, folder = sys.argv[1:]
    model = packed_model.Model(path)
    with open(path, 'rb') as file:
        length, = struct.unpack('<Q', file.read(8))
        preprocessing = json.loads(json.loads(file.read(length))['__metadata__']['model'])['preprocessing']
    writer = Writer(model, preprocessing)
    code, numbers, results = writer.write()
    pixels = drawn_image(model.size)
    image = ((pixels / 255.0 - np.array(preprocessing['mean'])) / np.array(preprocessing['std'])).astype(np.float32)
    expected = np.concatenate([np.ravel(output) for output in packed_model.exact(model, image)])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'network.h'), 'w', encoding='utf-8') as file:
        file.write(f"""#include <stdint.h>

#ifndef WEIGHTS
#define WEIGHTS
#endif
#define PIXEL_BYTES {int(np.prod(model.size))}
#define RESULTS {results}
#define MEMORY_BYTES {4 * numbers}
void float_run(const uint8_t *pixels, float *results);
""")
    with open(os.path.join(folder, 'network.c'), 'w', encoding='utf-8') as file:
        file.write(code)
    with open(os.path.join(folder, 'expected.c'), 'w', encoding='utf-8') as file:
        file.write('const float expected[] = {' + ', '.join(f'{float(value):.9e}f' for value in expected) + '};\n')
    print(writer.binary, writer.real)


main()
