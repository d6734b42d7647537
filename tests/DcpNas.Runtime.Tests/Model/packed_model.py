"""Reads and runs packed models. Written from docs/model-format.md alone, with numpy; it shares no code with the C# runtime.

    packed_model.py FOLDER    for each NAME.dcpnas and NAME.image (binary32) writes NAME.exact and, where the model has it, NAME.fast: all outputs as binary32;
                              where the model has it, NAME.integer of NAME.pixels (8 bits): all outputs as 16-bit numbers; of a detector then NAME.boxes:
                              left, top, right, bottom, class and score of each box as 16-bit numbers without sign
"""
import glob
import hashlib
import json
import math
import struct
import sys

import numpy as np

DTYPES = {'F32': '<f4', 'I32': '<i4', 'I64': '<u8', 'U8': 'u1', 'I16': '<i2', 'I8': 'i1'}
F = np.float32


class Model:
    """Sections 1 and 2: the container, the graph and its tensors."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            length, = struct.unpack('<Q', file.read(8))
            header = json.loads(file.read(length))
            data = file.read()
        metadata = header.pop('__metadata__')
        assert set(metadata) == {'format', 'format_version', 'model', 'model_sha256', 'tensors_sha256'}
        assert metadata['format'] == 'dcpnas-packed' and metadata['format_version'] == '1'
        assert metadata['model_sha256'] == hashlib.sha256(metadata['model'].encode()).hexdigest()
        assert metadata['tensors_sha256'] == hashlib.sha256(data).hexdigest()
        description = json.loads(metadata['model'])
        assert set(description) <= {'producer', 'genotype', 'network', 'preprocessing', 'classes', 'detector', 'fixed_point', 'integer', 'cost', 'input', 'nodes', 'outputs'}
        assert isinstance(description.get('network', {}), dict)
        self.nodes = description['nodes']
        self.outputs = [output['value'] for output in description['outputs']]
        self.names, self.classes, self.detector = [output['name'] for output in description['outputs']], description.get('classes', []), description.get('detector')
        self.exponents = description['fixed_point']['exponents'] if 'fixed_point' in description else None
        self.integers = description.get('integer')
        size = description['input']
        self.size = (size['height'], size['width'], size['channels'])
        self.tensors = {}
        for name, entry in header.items():
            begin, end = entry['data_offsets']
            self.tensors[name] = np.frombuffer(data[begin:end], DTYPES[entry['dtype']]).reshape(entry['shape'])

    def tensor(self, node, slot):
        return self.tensors.get(node['name'] + '.' + slot)


class Value:
    """Section 3: a map [y][x][channel]; kind 'real' (binary32), 'bits' (-1, +1), 'sums', or 'fixed' (section 7) with its exponent."""

    def __init__(self, kind, data, bound=0, exponent=None):
        self.kind, self.data, self.bound, self.exponent = kind, data, bound, exponent


# ---- Section 4 ----

def unpack(words, count):
    """Words of 64 channels to -1 and +1, along the last axis."""
    bits = (words[..., np.arange(count) // 64] >> (np.arange(count) % 64).astype(np.uint64)) & np.uint64(1)
    return 1 - 2 * bits.astype(np.int64)


def windows(node, height, width):
    """For each tap: ky, kx, and the slices of output and input that belong together."""
    kernel, stride, padding = node['kernel'], node['stride'], node['padding']
    dilation, offset = node.get('dilation', 1), node.get('offset', 0)

    def places(size, k):
        return [o * stride - padding + offset + k * dilation for o in range((size - offset + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)]

    def inside(size, k):
        pairs = [(o, i) for o, i in enumerate(places(size, k)) if 0 <= i < size]
        return np.array([p[0] for p in pairs], int), np.array([p[1] for p in pairs], int)

    shape = (len(places(height, 0)), len(places(width, 0)))
    taps = [(ky, kx, *inside(height, ky), *inside(width, kx)) for ky in range(kernel) for kx in range(kernel)]
    return shape, taps


def accumulate(node, x, start, weight, outputs, depthwise, product):
    """acc = acc + product(input, weight) for ky, kx, input channel, taps in the image only. Weight: [out][ky][kx][in], or [ky][kx][channels]."""
    (rows, columns), taps = windows(node, *x.shape[:2])
    acc = np.empty((rows, columns, outputs), x.dtype)
    acc[:] = start
    for ky, kx, oy, iy, ox, ix in taps:
        if len(oy) == 0 or len(ox) == 0:
            continue
        target, source = np.ix_(oy, ox), x[np.ix_(iy, ix)]
        part = acc[target]
        if depthwise:
            part = part + product(source, weight[ky, kx])
        else:
            for channel in range(x.shape[2]):
                part = part + product(source[..., channel:channel + 1], weight[:, ky, kx, channel])
        acc[target] = part
    return acc


def relu(x):
    return np.where(x > 0, x, F(0))


def convolution(model, node, x):
    weight, bias, depthwise = model.tensor(node, 'weight'), model.tensor(node, 'bias'), node['depthwise']
    outputs = weight.shape[-1] if depthwise else weight.shape[0]
    acc = accumulate(node, x, F(0) if bias is None else bias, weight, outputs, depthwise, lambda a, b: a * b)
    return relu(acc) if node['relu'] else acc


def rule(values, threshold, rules):
    below = values < threshold
    return np.where(below == (rules == 0), -1, 1)


def signs(model, node):
    weight, inputs, depthwise = model.tensor(node, 'weight'), node['in_channels'], node['depthwise']
    return unpack(weight, inputs), inputs if depthwise else weight.shape[0], depthwise


def binary_convolution(model, node, x):
    weight, outputs, depthwise = signs(model, node)
    sums = accumulate(node, x, 0, weight, outputs, depthwise, lambda a, b: a * b)
    threshold = model.tensor(node, 'threshold')
    if threshold is not None:
        return Value('bits', rule(sums, threshold.astype(np.int64), model.tensor(node, 'rule')))
    return Value('sums', sums, node['kernel'] ** 2 * (1 if depthwise else node['in_channels']))


def sign_weight_convolution(model, node, x):
    weight, outputs, depthwise = signs(model, node)
    return accumulate(node, x, F(0), weight, outputs, depthwise, lambda a, b: np.where(b > 0, a, -a))


def affine(model, node, x, shortcut=None):
    t = x.astype(F) * model.tensor(node, 'scale')
    t = t + model.tensor(node, 'bias')
    if shortcut is not None:
        t = t + shortcut
    slope, shift = model.tensor(node, 'slope'), model.tensor(node, 'shift')
    if slope is not None:
        t = np.where(t < 0, t * slope, t)
    if shift is not None:
        t = t + shift
    return t


def pool(node, x, start, combine):
    (rows, columns), taps = windows(node, *x.shape[:2])
    acc, count = np.zeros((rows, columns, x.shape[2]), x.dtype), np.zeros((rows, columns, 1), int)
    for ky, kx, oy, iy, ox, ix in taps:
        target = np.ix_(oy, ox)
        acc[target] = np.where(count[target] == 0, start(x[np.ix_(iy, ix)]), combine(acc[target], x[np.ix_(iy, ix)]))
        count[target] += 1
    return acc, count


def max_pool(node, x):
    return pool(node, x, lambda first: first, lambda m, v: np.where(v > m, v, m))[0]


def average_pool(node, x):
    acc, count = pool(node, x, lambda first: first, lambda a, v: a + v)
    return acc / count.astype(F)


def global_average(x):
    acc = np.zeros(x.shape[2], F)
    for y in range(x.shape[0]):
        for column in range(x.shape[1]):
            acc = acc + x[y, column]
    return (acc / F(x.shape[0] * x.shape[1])).reshape(1, 1, -1)


def linear(model, node, x):
    weight, bias = model.tensor(node, 'weight'), model.tensor(node, 'bias')
    acc = np.zeros(weight.shape[0], F) if bias is None else bias
    for channel in range(weight.shape[1]):
        acc = acc + x[0, 0, channel] * weight[:, channel]
    return acc.reshape(1, 1, -1)


def add(terms):
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def concat(parts):
    data = np.concatenate([part.data for part in parts], axis=2)
    return Value(parts[0].kind, data, max(part.bound for part in parts))


def run_node(model, node, inputs):
    """One node by section 4; no input is fixed-point."""
    kind, x = node['type'], inputs[0].data
    if kind == 'binary_convolution':
        return binary_convolution(model, node, x)
    if kind == 'sign':
        return Value('bits', rule(x, model.tensor(node, 'threshold'), model.tensor(node, 'rule')))
    if kind == 'concat':
        return concat(inputs)
    if kind == 'identity':
        return inputs[0]
    return Value('real', {
        'convolution': lambda: convolution(model, node, x),
        'sign_weight_convolution': lambda: sign_weight_convolution(model, node, x),
        'affine': lambda: affine(model, node, *[value.data for value in inputs]),
        'max_pool': lambda: max_pool(node, x),
        'average_pool': lambda: average_pool(node, x),
        'add': lambda: add([value.data for value in inputs]),
        'relu': lambda: relu(x),
        'global_average': lambda: global_average(x),
        'linear': lambda: linear(model, node, x),
    }[kind]())


def exact(model, image):
    values = {'image': Value('real', image)}
    for node in model.nodes:
        values[node['name']] = run_node(model, node, [values[name] for name in node['inputs']])
    return [values[name].data for name in model.outputs]


# ---- Section 7 ----

def sat(x):
    return np.clip(x, -32768, 32767)


def mul(x, m):
    return (x * m + (1 << 14)) >> 15


def div(x, n):
    return mul(x, 1 << (15 - min(n, 15))) if n > 0 else x


def fix(v):
    return int(np.clip(np.rint(v), -32767, 32767))


def to_fixed(value, exponent):
    with np.errstate(over='ignore', invalid='ignore'):
        scaled = value.data * F(2.0 ** exponent)
    scaled = np.where(np.isnan(scaled), F(-32767), np.clip(scaled, -32767, 32767))
    return Value('fixed', np.rint(scaled).astype(np.int64), exponent=exponent)


def to_real(value):
    return Value('real', value.data.astype(F) * F(2.0 ** -value.exponent)) if value.kind == 'fixed' else value


def fixed_affine(model, node, x, i, b, e, shortcut, addend):
    scale, bias = model.tensor(node, 'scale').astype(float), model.tensor(node, 'bias').astype(float)
    v = np.empty_like(x)
    for channel in range(len(scale)):
        r, a = scale[channel] * 2.0 ** (e - i), bias[channel] * 2.0 ** e
        k = next((k for k in range(14) if abs(r) * 2.0 ** (15 - k) <= 32767), 14)
        m = fix(r * 2.0 ** (15 - k))
        c = fix(np.clip(a / r, -b, b)) if b * abs(r) > 16383 else 0
        d, limit = fix(a - c * r), 32767 >> k
        v[..., channel] = sat(mul(np.clip(sat(x[..., channel] + c), -limit, limit) * 2 ** k, m) + d)
    if shortcut is not None:
        v = sat(v + div(shortcut.data, shortcut.exponent - e))
    slope, shift = model.tensor(node, 'slope'), model.tensor(node, 'shift')
    if slope is not None:
        steepest = float(np.max(np.abs(slope)))
        h = next((h for h in range(7) if steepest * 2.0 ** (15 - h) <= 32767), 7)
        below = mul(v, np.array([fix(float(one) * 2.0 ** (15 - h)) for one in slope]))
        for _ in range(h):
            below = sat(below + below)
        v = np.where(v < 0, below, v)
    if shift is not None:
        v = sat(v + np.array([fix(float(one) * 2.0 ** e) for one in shift]))
    if addend is not None:
        v = sat(v + div(addend.data, addend.exponent - e))
    return Value('fixed', v, exponent=e)


def fixed_average_pool(node, x):
    """The windows' columns first, each from the top; then the columns, from the left."""
    kernel, stride, padding, offset = node['kernel'], node['stride'], node['padding'], node.get('offset', 0)

    def inside(size):
        return [[i for i in range(o * stride - padding + offset, o * stride - padding + offset + kernel) if 0 <= i < size]
                for o in range((size - offset + 2 * padding - kernel) // stride + 1)]

    def share(values):
        n = len(values)
        total = None
        for value in values:
            value = value if n == 1 else mul(value, int(np.rint(2.0 ** 15 / n)))
            total = value if total is None else sat(total + value)
        return total

    return np.array([[share([share([x[y, column] for y in rows]) for column in columns]) for columns in inside(x.shape[1])] for rows in inside(x.shape[0])])


class Fast:
    """Which nodes are one step, which steps are fixed-point, and what they compute."""

    def __init__(self, model):
        self.model = model
        self.nodes = list(model.nodes)
        self.split_signed_concats()
        self.makers = {node['name']: node for node in self.nodes}
        self.readers = {}
        for node in self.nodes:
            if node['type'] != 'identity':
                for name in node['inputs']:
                    self.readers.setdefault(self.root(name), []).append(node['name'])
        for name in model.outputs:
            self.readers.setdefault(self.root(name), []).append(None)

    def root(self, name):
        while name != 'image' and self.makers[name]['type'] == 'identity':
            name = self.makers[name]['inputs'][0]
        return name

    def split_signed_concats(self):
        """A real concat that only sign nodes read is not made: its parts are signed."""
        readers = {}
        for node in self.nodes:
            for name in node['inputs']:
                readers.setdefault(name, []).append(node['type'])
        for name in self.model.outputs:
            readers.setdefault(name, []).append('output')
        self.split = {node['name']: node for node in self.nodes if node['type'] == 'concat' and all(kind == 'sign' for kind in readers[node['name']])}

    def alone(self, name, reader):
        """The node that makes a value, where the reader alone reads it, and once."""
        name = self.root(name)
        return self.makers.get(name) if self.readers.get(name) == [reader] else None

    def run(self, image):
        joined = {}  # affine -> add, and add -> affine
        for node in self.nodes:
            if node['type'] == 'add' and len(node['inputs']) == 2:
                makers = [self.alone(name, node['name']) for name in node['inputs']]
                affines = [maker for maker in makers if maker is not None and maker['type'] == 'affine']
                if affines:
                    joined[affines[-1]['name']] = node
                    joined[node['name']] = affines[-1]
        pooled = {}  # pools that are one step with their affine
        for node in self.nodes:
            if node['type'] == 'affine':
                before = self.alone(node['inputs'][0], node['name'])
                if before is not None and before['type'] in ('max_pool', 'average_pool'):
                    pooled[node['name']] = before
        within = {node['name'] for node in pooled.values()}
        self.values = {'image': Value('real', image)}
        for node in self.nodes:
            name, kind = node['name'], node['type']
            if kind == 'identity' or name in within or name in self.split or (kind == 'affine' and name in joined):
                continue
            if kind == 'affine' or (kind == 'add' and name in joined):
                first = node if kind == 'affine' else joined[name]
                self.values[name] = self.affine_step(node, first, pooled.get(first['name']))
            else:
                self.values[name] = self.single(node)
        return [to_real(self.of(name)).data for name in self.model.outputs]

    def of(self, name):
        return self.values[self.root(name)]

    def exponent(self, name):
        value = self.of(name)
        return value.exponent if value.kind == 'fixed' else self.model.exponents.get(self.root(name))

    def fixed(self, name):
        value = self.of(name)
        return value if value.kind == 'fixed' else to_fixed(value, self.model.exponents[self.root(name)])

    def affine_step(self, node, first, before):
        """An affine, perhaps with the pool before it and the add behind it."""
        source = self.root((before or first)['inputs'][0])
        shortcut = first['inputs'][1] if len(first['inputs']) > 1 else None
        if shortcut is not None:
            repeated = self.alone(shortcut, first['name'])
            if repeated is not None and repeated['type'] == 'concat':
                names = {self.root(name) for name in repeated['inputs']}
                if len(names) == 1 and self.values[next(iter(names))].data.shape[2] % 32 == 0:
                    return self.affine_of(node, first, before, source, next(iter(names)), len(repeated['inputs']))
        return self.affine_of(node, first, before, source, shortcut, 1)

    def affine_of(self, node, first, before, source, shortcut, repeats):
        addend = None if node is first else next(name for name in node['inputs'] if self.root(name) != first['name'])
        terms = [name for name in (shortcut, addend) if name is not None]
        value = self.values[source]
        fits = value.kind == 'fixed' or (value.kind == 'sums' and value.bound <= 32767)
        own = self.model.exponents.get(first['name'])
        exponents = [self.exponent(name) for name in terms]
        if not fits or own is None or None in exponents:
            x = to_real(value).data
            if before is not None:
                x = max_pool(before, x) if before['type'] == 'max_pool' else average_pool(before, x)
            more = [] if shortcut is None else [np.tile(to_real(self.of(shortcut)).data, (1, 1, repeats))]
            t = affine(self.model, first, x, *more)
            return Value('real', t if addend is None else t + to_real(self.of(addend)).data)
        e = min([own, *exponents, *([self.model.exponents[node['name']]] if node is not first and node['name'] in self.model.exponents else [])])
        x = value.data
        if before is not None:
            x = max_pool(before, x) if before['type'] == 'max_pool' else fixed_average_pool(before, x)
        b, i = (value.bound, 0) if value.kind == 'sums' else (32768, value.exponent)
        more = None
        if shortcut is not None:
            more = self.fixed(shortcut)
            more = Value('fixed', np.tile(more.data, (1, 1, repeats)), exponent=more.exponent)
        return fixed_affine(self.model, first, x, i, b, e, more, None if addend is None else self.fixed(addend))

    def sign(self, node, value, threshold, rules):
        if value.kind == 'fixed':
            return rule(value.data.astype(float) * 2.0 ** -value.exponent, threshold.astype(float), rules)
        return rule(value.data, threshold, rules)

    def single(self, node):
        kind, inputs = node['type'], node['inputs']
        if kind == 'sign':
            threshold, rules = self.model.tensor(node, 'threshold'), self.model.tensor(node, 'rule')
            parts = self.split[inputs[0]]['inputs'] if inputs[0] in self.split else [inputs[0]]
            bits, at = [], 0
            for part in parts:
                value = self.of(part)
                end = at + value.data.shape[2]
                bits.append(self.sign(node, value, threshold[at:end], rules[at:end]))
                at = end
            return Value('bits', np.concatenate(bits, axis=2))
        values = [self.of(name) for name in inputs]
        first = values[0]
        if first.kind == 'fixed':
            if kind == 'max_pool':
                return Value('fixed', max_pool(node, first.data), exponent=first.exponent)
            if kind == 'average_pool':
                return Value('fixed', fixed_average_pool(node, first.data), exponent=first.exponent)
            if kind == 'global_average':
                total = first.data.sum(axis=(0, 1)).astype(float)
                return Value('real', (total / (first.data.shape[0] * first.data.shape[1] * 2.0 ** first.exponent)).astype(F).reshape(1, 1, -1))
        if kind in ('add', 'concat') and any(value.kind == 'fixed' for value in values):
            exponents = [self.exponent(name) for name in inputs]
            if None not in exponents:
                e = min(exponents)
                if kind == 'add' and node['name'] in self.model.exponents:
                    e = min(e, self.model.exponents[node['name']])
                terms = [div(self.fixed(name).data, own - e) for name, own in zip(inputs, exponents)]
                if kind == 'concat':
                    return Value('fixed', np.concatenate(terms, axis=2), exponent=e)
                total = terms[0]
                for term in terms[1:]:
                    total = sat(total + term)
                return Value('fixed', total, exponent=e)
        return run_node(self.model, node, [to_real(value) for value in values])


# ---- Section 8 ----

class Integer:
    """Every node by itself; numbers are int64 here, and checked to fit what the page says."""

    def __init__(self, model):
        self.model, self.image, self.attributes = model, model.integers['image'], model.integers['nodes']

    def numbers(self, node, slot):
        return self.model.tensor(node, 'integer_' + slot).astype(np.int64)

    def run(self, pixels):
        image = self.image
        q = (pixels.astype(np.int64) * np.array(image['multiplier']) + np.array(image['bias'])) >> image['right_shift']
        values = {'image': Value('fixed', q, exponent=image['exponent'])}
        for node in self.model.nodes:
            values[node['name']] = self.node(node, self.attributes.get(node['name'], {}), [values[name] for name in node['inputs']])
            if values[node['name']].kind == 'fixed':
                assert np.all(np.abs(values[node['name']].data) <= 32768)
        return [values[name] for name in self.model.outputs]

    def node(self, node, attributes, inputs):
        kind, first = node['type'], inputs[0]
        if kind in ('binary_convolution', 'identity') or (kind == 'concat' and first.kind != 'fixed'):
            return run_node(self.model, node, inputs)
        if kind == 'sign':
            return Value('bits', rule(first.data, self.numbers(node, 'threshold'), self.model.tensor(node, 'rule')))
        make = getattr(self, kind)
        e = attributes.get('exponent', first.exponent)
        made = make(node, attributes, e, inputs)
        return Value('fixed', np.clip(made, -128, 127) if attributes.get('bits') == 8 else made, exponent=e)

    def high_of(self, node, attributes, a):
        assert np.all(np.abs(a) < 2 ** 31)
        m = self.numbers(node, 'multiplier')
        high = (a >> 16) * m + (((a & 65535) * m) >> 16)
        assert np.array_equal(high, (a * m) >> 16)
        return sat((high + self.numbers(node, 'bias')) >> attributes['right_shift'])

    def convolution(self, node, attributes, e, inputs):
        weight, depthwise = self.numbers(node, 'weight'), node['depthwise']
        outputs = weight.shape[-1] if depthwise else weight.shape[0]
        v = self.high_of(node, attributes, accumulate(node, inputs[0].data, 0, weight, outputs, depthwise, lambda a, b: a * b))
        return np.maximum(v, 0) if node['relu'] else v

    def linear(self, node, attributes, e, inputs):
        return self.high_of(node, attributes, (self.numbers(node, 'weight') @ inputs[0].data[0, 0]).reshape(1, 1, -1))

    def sign_weight_convolution(self, node, attributes, e, inputs):
        weight, outputs, depthwise = signs(self.model, node)
        a, n = accumulate(node, inputs[0].data, 0, weight, outputs, depthwise, lambda a, b: a * b), inputs[0].exponent - e
        return sat(a if n == 0 else (a + (1 << (n - 1))) >> n)

    def affine(self, node, attributes, e, inputs):
        t = inputs[0].data * self.numbers(node, 'multiplier') + self.numbers(node, 'bias')
        assert np.all(np.abs(t) < 2 ** 31)
        t = t >> attributes['right_shift']
        if len(inputs) > 1:
            t = t + div(inputs[1].data, inputs[1].exponent - e)
        t, h = sat(t), attributes.get('slope_shift')
        if h is not None:
            steep = t * self.numbers(node, 'slope')
            t = np.where(t < 0, steep if h == 0 else (steep + (1 << (h - 1))) >> h, t)
        if self.model.tensor(node, 'shift') is not None:
            t = t + self.numbers(node, 'offset')
        return sat(t)

    def max_pool(self, node, attributes, e, inputs):
        return max_pool(node, inputs[0].data)

    def average_pool(self, node, attributes, e, inputs):
        a, n = pool(node, inputs[0].data, lambda first: first, lambda a, v: a + v)
        return sat((a * ((2 ** 16 + n) // (2 * n)) + 2 ** 14) >> 15)

    def add(self, node, attributes, e, inputs):
        total = div(inputs[0].data, inputs[0].exponent - e)
        for term in inputs[1:]:
            total = sat(total + div(term.data, term.exponent - e))
        return total

    def concat(self, node, attributes, e, inputs):
        return np.concatenate([div(part.data, part.exponent - e) for part in inputs], axis=2)

    def relu(self, node, attributes, e, inputs):
        return np.maximum(inputs[0].data, 0)

    def global_average(self, node, attributes, e, inputs):
        a, m, s = inputs[0].data.sum(axis=(0, 1)), attributes['multiplier'], attributes['right_shift']
        return np.array([sat((int(one) * m + (1 << (s - 1))) >> s) for one in a]).reshape(1, 1, -1)


# ---- Section 9 ----

LOG2E = 1.4426950408889634
POWERS = [round(2 ** (15 - i / 64)) for i in range(65)]


def power(f):
    i, r = f // 64, f % 64
    return POWERS[i] - (((POWERS[i] - POWERS[i + 1]) * r + 32) >> 6)


class Factor:
    """A factor m / 2^s; times() rounds halves up."""

    def __init__(self, factor):
        self.s = max([s for s in range(31) if round(factor * 2.0 ** s) <= 32767], default=0)
        self.m = min(round(factor * 2.0 ** self.s), 32767)

    def times(self, x):
        return (x * self.m + (1 << self.s >> 1)) >> self.s


class Boxes:
    """Of the 16-bit numbers of all outputs."""

    def __init__(self, model, outputs):
        self.detector, self.classes = model.detector, len(model.classes)
        self.outputs = dict(zip(model.names, outputs))
        self.z = max(z for z in range(9) if (self.classes + 1) * 2 ** z <= 2 ** 16)

    def find(self):
        by_class = [[] for _ in range(self.classes)]
        for level in self.detector['levels']:
            self.level(level, by_class)
        kept = [box for boxes in by_class for box in self.suppress(boxes)]
        kept = sorted(kept, key=lambda box: -box[5])[:self.detector['most_detections']]
        return kept

    def level(self, level, by_class):
        scores, codes = self.outputs[level['scores']], self.outputs[level['boxes']]
        height, width = scores.data.shape[:2]
        score = Factor(LOG2E * 2.0 ** (12 - scores.exponent))
        size = Factor(self.detector['size_variance'] * LOG2E * 2.0 ** (12 - codes.exponent))
        for y in range(height):
            for x in range(width):
                for anchor, (w, h) in enumerate(level['anchors']):
                    q = [int(v) for v in scores.data[y, x, anchor * (self.classes + 1):(anchor + 1) * (self.classes + 1)]]
                    code = [int(v) for v in codes.data[y, x, 4 * anchor:4 * anchor + 4]]
                    left, right = self.edges(x, width, w, code[0], code[2], size, codes.exponent)
                    top, bottom = self.edges(y, height, h, code[1], code[3], size, codes.exponent)
                    for index, share in enumerate(self.shares(q, score)):
                        if share > int(self.detector['score_threshold'] * 65536) and right > left and bottom > top:
                            by_class[index].append((left, top, right, bottom, index, share))

    def shares(self, q, score):
        terms = []
        for one in q:
            t = score.times(max(q) - one)
            o = t // 4096
            terms.append(0 if o > 15 + self.z else ((power(t % 4096) << self.z) + (1 << o >> 1)) >> o)
        return [min(term * 65536 // sum(terms), 65535) for term in terms[1:]]

    def edges(self, place, count, side, offset, code, size, exponent):
        middle = ((2 * place + 1) * 32768 + count) // (2 * count) + Factor(self.detector['centre_variance'] * side * 2.0 ** (15 - exponent)).times(offset)
        u = -min(size.times(code), 23637)
        n = 15 + (u >> 12)
        half = 0 if n > 30 else (round(side * 16384) * power(u & 4095) + (1 << (n - 1))) >> n
        return max(0, min(middle - half, 32768)), max(0, min(middle + half, 32768))

    def suppress(self, boxes):
        kept, threshold = [], int(self.detector['overlap_threshold'] * 32768)
        for box in sorted(boxes, key=lambda box: -box[5])[:self.detector['most_candidates']]:
            if not any(self.overlap(other, box, threshold) for other in kept):
                kept.append(box)
        return kept

    @staticmethod
    def overlap(a, b, threshold):
        both = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
        return both * 32768 > threshold * ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def main(folder):
    for path in sorted(glob.glob(glob.escape(folder) + '/*.dcpnas')):
        model, stem = Model(path), path[:-len('.dcpnas')]
        image = np.fromfile(stem + '.image', '<f4').reshape(model.size)
        modes = {'exact': exact(model, image)}
        if model.exponents is not None:
            modes['fast'] = Fast(model).run(image)
        for mode, outputs in modes.items():
            np.concatenate([output.astype('<f4').ravel() for output in outputs]).tofile(stem + '.' + mode)
        if model.integers is not None:
            outputs = Integer(model).run(np.fromfile(stem + '.pixels', 'u1').reshape(model.size))
            np.concatenate([output.data.astype('<i2').ravel() for output in outputs]).tofile(stem + '.integer')
            if model.detector is not None:
                np.array(Boxes(model, outputs).find(), '<u2').tofile(stem + '.boxes')


if __name__ == '__main__':
    main(sys.argv[1])
