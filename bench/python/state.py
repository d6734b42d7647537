"""Reads what `DcpNas.SearchStep export` wrote: options, weights, batches and expected results in one safetensors file."""

import json
import re
import struct

import numpy
import torch

from supernet import OPERATIONS, Supernet

TYPES = {"F64": numpy.float64, "F32": numpy.float32, "I64": numpy.int64}


class State:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
            data = file.read()
        self.metadata = header.pop("__metadata__", {})
        self.options = json.loads(self.metadata["options"])
        self.tensors = {}
        for name, entry in header.items():
            if entry["dtype"] not in TYPES:
                raise ValueError(f"{path}: at tensor '{name}', expected one of {', '.join(TYPES)} but found {entry['dtype']}.")
            begin, end = entry["data_offsets"]
            values = numpy.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
            self.tensors[name] = torch.from_numpy(values.copy())

    def batches(self, half):
        """[(images, labels)] of the weight half ("weights") or the architecture half ("alpha")."""
        return [
            (self.tensors[f"{half}_images.{k}"], self.tensors[f"{half}_labels.{k}"]) for k in range(self.options["batches"])
        ]

    def network(self, side, shared=False, channels_last=False):
        """The "parent" or the "child", with weights and alpha."""
        options = self.options
        dtype = self.tensors[f"{side}.stem_weight"].dtype
        network = Supernet(
            options["cells"], options["channels"], options["classes"], options["partial_channels"], binary=side == "child", shared=shared
        ).to(dtype)
        load(network, {name[len(side) + 1 :]: tensor for name, tensor in self.tensors.items() if name.startswith(side + ".")}, shared)
        network.alphas = [self.tensors[f"{side}_alpha.{kind}"].clone().requires_grad_() for kind in ("normal", "reduction")]
        return network.to(memory_format=torch.channels_last) if channels_last else network


def load(network, tensors, shared):
    """Fills a network; every name must fit in both directions."""
    with torch.no_grad():
        own = dict(network.named_parameters())
        named = {reference_name(name, shared): tensor for name, tensor in tensors.items()}
        if own.keys() != named.keys():
            difference = sorted(own.keys() ^ named.keys())
            raise ValueError(f"The networks differ in {len(difference)} parameters: {', '.join(difference[:5])}.")
        for name, parameter in own.items():
            if parameter.numel() != named[name].numel():
                raise ValueError(f"{name} must have shape {list(parameter.shape)}, got {list(named[name].shape)}.")
            parameter.copy_(named[name].reshape(parameter.shape))


def reference_name(name, shared):
    """Our parameter name -> that of the reference."""
    top = {
        "stem_weight": "stem.weight", "stem_scale": "stem_norm.weight", "stem_shift": "stem_norm.bias",
        "head_weight": "head.weight", "head_bias": "head.bias",
    }  # fmt: skip
    if name in top:
        return top[name]
    name = re.sub(r"^cell(\d+)\.", r"cells.\1.", name)
    name = re.sub(r"\.(before|last)\.slope$", r".\1.activation.weight", name)
    name = re.sub(r"\.(inner|outer)_slope$", r".\1.weight", name)
    return re.sub(
        r"\.edge(\d+)_([a-z_0-9]+)\.",
        lambda found: f".edges.{found[1]}.operations.{OPERATIONS.index(found[2]) - int(shared)}.",
        name,
    )
