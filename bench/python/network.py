"""The final network of a genotype in Python PyTorch, made of the blocks of supernet.py with normalisation that learns and keeps statistics.

  network.py check FILE...                     loss and every gradient against what DcpNas.Benchmarks network --export wrote (float64)
  network.py time FILE --threads N --steps N   one line: seconds and CPU seconds of a training step (forward, backward, AdamW) in float32
"""

import argparse
import json
import struct
import sys
import time

import numpy
import torch
from torch import nn

import supernet
from supernet import INPUTS, NODES, build

TYPES = {"F64": numpy.float64, "F32": numpy.float32, "I64": numpy.int64}
supernet.batch_norm = nn.BatchNorm2d  # the supernet's own has neither weights nor statistics


class Cell(nn.Module):
    def __init__(self, genotype, reduction, before, last, channels, halve, binary):
        super().__init__()
        self.before = supernet.Preprocess(before, channels, halve, binary)
        self.last = supernet.Preprocess(last, channels, False, binary)
        self.inputs = [[edge["input"] for edge in node["edges"]] for node in genotype["nodes"]]
        self.edges = nn.ModuleList(
            build(edge["operation"], channels, 2 if reduction and edge["input"] < INPUTS else 1, binary) for node in genotype["nodes"] for edge in node["edges"]
        )

    def forward(self, before, last):
        states = [self.before(before), self.last(last)]
        for node, (left, right) in enumerate(self.inputs):
            states.append(self.edges[2 * node](states[left]) + self.edges[2 * node + 1](states[right]))
        return torch.cat(states[-NODES:], 1)


class Network(nn.Module):
    def __init__(self, description, classes):
        super().__init__()
        channels, binary = description["channels"], description["scheme"] == "paper"
        stem = description["stem_multiplier"] * channels
        self.stem = nn.Conv2d(description["image_channels"], stem, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(stem)
        self.cells = nn.ModuleList()
        before, last, halve = stem, stem, False
        for index in range(description["cells"]):
            reduction = index in (description["cells"] // 3, 2 * description["cells"] // 3)
            channels *= 2 if reduction else 1
            self.cells.append(Cell(description["genotype"]["reduction" if reduction else "normal"], reduction, before, last, channels, halve, binary))
            before, last, halve = last, NODES * channels, reduction
        self.head = nn.Linear(last, classes)

    def forward(self, images):
        before = last = self.stem_norm(self.stem(images))
        for cell in self.cells:
            before, last = last, cell(before, last)
        return self.head(last.mean((2, 3)))


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    description = json.loads(header.pop("__metadata__")["network"])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"]).copy())
    return description, tensors


def renamed(name, network):
    """A parameter's name in DcpNas."""
    if name.startswith("head."):
        return name
    if name.startswith("stem"):
        return "backbone.stem.0." + ("norm." + name[10:] if name.startswith("stem_norm.") else "convolution.weight")
    _, cell, part, rest = name.split(".", 3)
    if part in ("before", "last"):
        return f"backbone.cells.{cell}.preprocess.{0 if part == 'before' else 1}.{translated(rest.removeprefix('reduce.'), RESHAPE)}"
    edge, rest = rest.split(".", 1)
    cell_inputs = network.cells[int(cell)].inputs
    place = f"backbone.cells.{cell}.nodes.{INPUTS + int(edge) // 2}.inputs.{cell_inputs[int(edge) // 2][int(edge) % 2]}."
    if rest.startswith("block"):
        block, part = rest.split(".", 1)
        return f"{place}blocks.{block[5:]}.{translated(part, BLOCK)}"
    return place + (rest if isinstance(network.cells[int(cell)].edges[int(edge)], supernet.Pool) else translated(rest, RESHAPE))


RESHAPE = (("operand.norm.", "norm."), ("norm.", "outer_norm."), ("activation.weight", "slope"))
BLOCK = (("operand.norm.", "norm."), ("inner.weight", "inner_slope"), ("outer.weight", "outer_slope"))


def translated(rest, table):
    for ours, theirs in table:
        if rest.startswith(ours):
            return theirs + rest[len(ours):]
    return rest


def load(path, dtype):
    description, tensors = read(path)
    network = Network(description, classes=tensors["network.head.bias"].numel()).to(dtype)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            value = tensors.pop("network." + renamed(name, network)).to(dtype)
            if value.numel() != parameter.numel():
                raise ValueError(f"{path}: {name} must have {parameter.numel()} values, got {value.numel()}.")
            parameter.copy_(value.view(parameter.shape))
    left = [name for name in tensors if name.startswith("network.") and "running_" not in name]
    if left:
        raise ValueError(f"{path}: the reference lacks {len(left)} parameters: {', '.join(left[:5])}.")
    return network, tensors


def check(path):
    network, tensors = load(path, torch.float64)
    loss = nn.functional.cross_entropy(network(tensors["images"]), tensors["labels"])
    loss.backward()
    ours = tensors["loss"].item()
    errors = [(parameter.grad - tensors["gradient." + renamed(name, network)].view(parameter.shape)).norm().item() for name, parameter in network.named_parameters()]
    worst = max(errors) / max(parameter.grad.norm().item() for parameter in network.parameters())
    print(f"{path}: loss {loss.item():.12f}, DcpNas {ours:.12f}; largest error of a gradient {worst:.1e} of the largest gradient")
    return abs(loss.item() - ours) < 1e-9 and worst < 1e-9


def measure(path, threads, steps):
    torch.set_num_threads(threads)
    network, tensors = load(path, torch.float32)
    images, labels = tensors["images"].float(), tensors["labels"]
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)
    walls, cpus = [], []
    for step in range(steps + 2):
        wall, cpu = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
        if step >= 2:
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    print(f"Python: step {1000 * sorted(walls)[steps // 2]:.0f} ms wall, {1000 * sorted(cpus)[steps // 2]:.0f} ms CPU")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("check", "time"))
    parser.add_argument("files", nargs="+")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.what == "check":
        sys.exit(0 if all([check(path) for path in arguments.files]) else 1)
    for path in arguments.files:
        measure(path, arguments.threads, arguments.steps)
