"""The supernet of DcpNas in PyTorch: the reference that bench/compare-python.sh measures against.

Written the way a researcher writes a DARTS-like search: NCHW nn.Modules, every candidate a module of its own, autograd for
everything. The mathematics is that of src/DcpNas/SearchSpace; check.py proves it on exported weights. Parent (binary=False) and
Child (binary=True, scheme "paper") are two instances of one graph.

Two variants compute the same numbers in less time, and are measured beside the plain one, so that nobody has to guess what a more
careful Python program would reach:
  shared=True    each place of a cell is normalised and binarised once for all the edges that read it, and `none` is not computed;
  channels_last  (an argument of the programs) images and weights in channels-last memory.
"""

import torch
import torch.nn.functional as F
from torch import nn

OPERATIONS = ["none", "skip_connect", "max_pool_3x3", "avg_pool_3x3", "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"]
INPUTS, NODES = 2, 4
EDGES = 14


class BinaryActivation(torch.autograd.Function):
    """sign with sign(0) = +1; backward 2 - 2|x| inside (-1, 1), else 0 (Bi-Real-Net)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)
        return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * (2 - 2 * x.abs()).clamp(min=0)

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * (2 - 2 * x.abs()).clamp(min=0)


class BinaryWeight(torch.autograd.Function):
    """sign with sign(0) = +1; backward 1 where |w| <= 1, else 0 (straight through)."""

    @staticmethod
    def forward(ctx, w):
        ctx.save_for_backward(w)
        return torch.where(w >= 0, 1.0, -1.0).to(w.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (w,) = ctx.saved_tensors
        return gradient * (w.abs() <= 1).to(w.dtype)


class BinaryConv2d(nn.Conv2d):
    """Convolution by beta o sign(w), beta = softplus(rho) per output channel."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, bias=False, **options)
        mean = self.weight.detach().abs().mean((1, 2, 3), keepdim=True)
        self.rho = nn.Parameter(torch.log(torch.expm1(mean)))

    def forward(self, x):
        weight = F.softplus(self.rho) * BinaryWeight.apply(self.weight)
        return F.conv2d(x, weight, None, self.stride, self.padding, self.dilation, self.groups)

    def reconstruction_error(self):
        sign = torch.where(self.weight >= 0, 1.0, -1.0).to(self.weight.dtype)
        return (self.weight - F.softplus(self.rho) * sign).square().sum()


class RealConv2d(nn.Conv2d):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, bias=False, **options)


def convolution(channels, out_channels, kernel, binary, **options):
    return (BinaryConv2d if binary else RealConv2d)(channels, out_channels, kernel, **options)


def batch_norm(channels):
    """Statistics of the batch, always: shared weights have none of their own."""
    return nn.BatchNorm2d(channels, affine=False, track_running_stats=False)


class Operand(nn.Module):
    """What a convolution reads: sign(BN(x)), or BN(x) in the real network."""

    def __init__(self, channels, binary):
        super().__init__()
        self.norm = batch_norm(channels)
        self.binary = binary

    def forward(self, x):
        x = self.norm(x)
        return BinaryActivation.apply(x) if self.binary else x


class SeparableBlock(nn.Module):
    """BN, sign, depthwise, BN, PReLU, sign, pointwise, BN, + input at stride 1, PReLU."""

    def __init__(self, channels, kernel, stride, dilation, binary):
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        self.operand = Operand(channels, binary)
        self.depthwise = convolution(channels, channels, kernel, binary, stride=stride, padding=padding, dilation=dilation, groups=channels)
        self.inner_norm = batch_norm(channels)
        self.inner = nn.PReLU(channels)
        self.pointwise = convolution(channels, channels, 1, binary)
        self.outer_norm = batch_norm(channels)
        self.outer = nn.PReLU(channels)
        self.binary = binary
        self.residual = stride == 1

    def forward(self, x, operand=None):
        y = self.depthwise(self.operand(x) if operand is None else operand)
        y = self.inner(self.inner_norm(y))
        y = self.outer_norm(self.pointwise(BinaryActivation.apply(y) if self.binary else y))
        return self.outer(y + x if self.residual else y)


class SeparableConvolution(nn.Module):
    def __init__(self, channels, kernel, stride, binary):
        super().__init__()
        self.block0 = SeparableBlock(channels, kernel, stride, 1, binary)
        self.block1 = SeparableBlock(channels, kernel, 1, 1, binary)

    def forward(self, x, operand=None):
        return self.block1(self.block0(x, operand))


class DilatedConvolution(nn.Module):
    def __init__(self, channels, kernel, stride, binary):
        super().__init__()
        self.block0 = SeparableBlock(channels, kernel, stride, 2, binary)

    def forward(self, x, operand=None):
        return self.block0(x, operand)


class Pool(nn.Module):
    def __init__(self, channels, stride, maximum):
        super().__init__()
        self.pool = nn.MaxPool2d(3, stride, padding=1) if maximum else nn.AvgPool2d(3, stride, padding=1, count_include_pad=False)
        self.norm = batch_norm(channels)

    def forward(self, x, operand=None):
        return self.norm(self.pool(x))


class Zero(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.stride = stride

    def forward(self, x, operand=None):
        return (x if self.stride == 1 else x[:, :, :: self.stride, :: self.stride]).mul(0.0)


class Skip(nn.Module):
    def forward(self, x, operand=None):
        return x


class FactorizedReduce(nn.Module):
    """Two 1x1 convolutions of stride 2, the second shifted by a pixel."""

    def __init__(self, channels, out_channels, binary):
        super().__init__()
        self.operand = Operand(channels, binary)
        self.even = convolution(channels, out_channels - out_channels // 2, 1, binary, stride=2)
        self.odd = convolution(channels, out_channels // 2, 1, binary, stride=2)
        self.norm = batch_norm(out_channels)

    def forward(self, x, operand=None):
        y = self.operand(x) if operand is None else operand
        return self.norm(torch.cat([self.even(y), self.odd(y[:, :, 1:, 1:])], 1))


class Preprocess(nn.Module):
    """Brings the output of an earlier cell to the channels and the resolution of this one."""

    def __init__(self, channels, out_channels, halve, binary):
        super().__init__()
        if halve:
            self.reduce = FactorizedReduce(channels, out_channels, binary)
        else:
            self.reduce = None
            self.operand = Operand(channels, binary)
            self.pointwise = convolution(channels, out_channels, 1, binary)
            self.norm = batch_norm(out_channels)
        self.activation = nn.PReLU(out_channels)

    def forward(self, x):
        y = self.norm(self.pointwise(self.operand(x))) if self.reduce is None else self.reduce(x)
        return self.activation(y)


def build(name, channels, stride, binary):
    return {
        "none": lambda: Zero(stride),
        "skip_connect": lambda: Skip() if stride == 1 else FactorizedReduce(channels, channels, binary),
        "max_pool_3x3": lambda: Pool(channels, stride, True),
        "avg_pool_3x3": lambda: Pool(channels, stride, False),
        "sep_conv_3x3": lambda: SeparableConvolution(channels, 3, stride, binary),
        "sep_conv_5x5": lambda: SeparableConvolution(channels, 5, stride, binary),
        "dil_conv_3x3": lambda: DilatedConvolution(channels, 3, stride, binary),
        "dil_conv_5x5": lambda: DilatedConvolution(channels, 5, stride, binary),
    }[name]()


def channel_shuffle(x, groups):
    n, c, h, w = x.shape
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).reshape(n, c, h, w)


class MixedOperation(nn.Module):
    """All operations of an edge, weighted; with partial channels on the first 1/K of them, as PC-DARTS does."""

    def __init__(self, channels, stride, partial, binary, shared):
        super().__init__()
        self.active = channels // partial
        self.partial = partial
        self.stride = stride
        self.first = 1 if shared else 0
        self.operations = nn.ModuleList(build(name, self.active, stride, binary) for name in OPERATIONS[self.first :])

    def forward(self, x, weights, operand=None):
        part = x if self.partial == 1 else x[:, : self.active]
        mixed = sum(w * operation(part, operand) for w, operation in zip(weights[self.first :], self.operations))
        if self.partial == 1:
            return mixed
        rest = x[:, self.active :]
        rest = rest if self.stride == 1 else F.max_pool2d(rest, 2, 2)
        return channel_shuffle(torch.cat([mixed, rest], 1), self.partial)


class Cell(nn.Module):
    def __init__(self, reduction, before, last, channels, halve_before, partial, binary, shared):
        super().__init__()
        self.reduction = reduction
        self.before = Preprocess(before, channels, halve_before, binary)
        self.last = Preprocess(last, channels, False, binary)
        self.edges = nn.ModuleList(
            MixedOperation(channels, 2 if reduction and place < INPUTS else 1, partial, binary, shared)
            for node in range(NODES)
            for place in range(INPUTS + node)
        )
        self.active = channels // partial
        self.operand = Operand(self.active, binary) if shared else None

    def forward(self, before, last, weights):
        states = [self.before(before), self.last(last)]
        operands = [self.prepare(state) for state in states]
        edge = 0
        for _ in range(NODES):
            count = len(states)
            state = sum(self.edges[edge + i](states[i], weights[edge + i], operands[i]) for i in range(count))
            edge += count
            states.append(state)
            operands.append(self.prepare(state) if edge < EDGES else None)
        return torch.cat(states[-NODES:], 1)

    def prepare(self, state):
        return None if self.operand is None else self.operand(state[:, : self.active])


class Supernet(nn.Module):
    """Images [N, 3, H, W] to logits [N, classes]."""

    def __init__(self, cells=8, channels=16, classes=10, partial=1, image_channels=3, binary=False, shared=False):
        super().__init__()
        stem = 3 * channels
        self.stem = nn.Conv2d(image_channels, stem, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(stem, track_running_stats=False)
        self.cells = nn.ModuleList()
        before, last, halve = stem, stem, False
        for index in range(cells):
            reduction = index in (cells // 3, 2 * cells // 3)
            channels *= 2 if reduction else 1
            self.cells.append(Cell(reduction, before, last, channels, halve, partial, binary, shared))
            before, last, halve = last, NODES * channels, reduction
        self.head = nn.Linear(last, classes)
        # Not parameters of the module: weights and alpha have optimisers of their own.
        self.alphas = [(1e-3 * torch.randn(EDGES, len(OPERATIONS))).requires_grad_() for _ in range(2)]  # normal, reduction

    def forward(self, images, alphas=None):
        normal, reduction = (alpha.softmax(-1) for alpha in alphas or self.alphas)
        before = last = self.stem_norm(self.stem(images))
        for cell in self.cells:
            before, last = last, cell(before, last, reduction if cell.reduction else normal)
        return self.head(F.batch_norm(last, None, None, training=True).mean((2, 3)))

    def reconstruction_error(self):
        return sum(module.reconstruction_error() for module in self.modules() if isinstance(module, BinaryConv2d))
