"""Solves for instructions per unit of work and bytes of code per kernel: see eng/fit-instructions.sh.

python3 fit.py FOLDER TABLE.json MEASURED.jsonl "CHECK..." - FOLDER has a folder per network with c/net.json, CORE.counts and CORE.sizes. What was measured of the networks of CHECK, which
the table is not fitted on, goes to MEASURED.jsonl. Where all are networks of CHECK, the table stays as it is and judges them; what MEASURED.jsonl holds of others stays too.
"""
import json
import pathlib
import re
import sys

import numpy
from scipy.optimize import nnls

CORES = {"cortex-m0": "cortex-m0", "cortex-m3": "cortex-m3", "cortex-m4": "cortex-m4", "cortex-m7": "cortex-m7",
         "cortex-m33": "cortex-m33", "cortex-m55": "cortex-m55", "rv32imc": "rv32", "rv32imc_zbb": "rv32-zbb"}


def constants_and_code(sizes):
    constants = code = 0
    for line in sizes.splitlines():
        parts = line.split()
        if len(parts) != 4:
            continue
        size, kind, name = int(parts[1]), parts[2], parts[3]
        if re.match(r"net_(table|layer|levels|powers)", name):
            constants += size
        elif kind in "tT" and name.startswith("net_") and not re.match(r"net_(selftest|hash|steps|class_names|expected)", name):
            code += size
    return constants, code


# The kernel of a function that keeps a symbol of its own; what is always there, or only helps one kernel, counts as base.
KERNEL_OF = {"binary_pixel": "binary_dense", "binary_pixel_depthwise": "binary_depthwise", "binary_signs_depthwise": "binary_depthwise_signs", "convolve": "convolution", "convolve16": "convolution16",
             "convolve_depthwise": "convolution_depthwise", "convolve_depthwise16": "convolution_depthwise16", "dot": "convolution", "ones": "differences"}


def standing_sizes(all_sizes):
    """The mean size of the functions of each kernel, where the compiler keeps them as functions."""
    found = {}
    for sizes in all_sizes:
        own = {}
        for line in sizes.splitlines():
            parts = line.split()
            if len(parts) == 4 and parts[2] in "tT" and parts[3].startswith("net_"):
                name = parts[3][4:].split(".")[0]
                own[KERNEL_OF.get(name, name)] = own.get(KERNEL_OF.get(name, name), 0) + int(parts[1])
        for kernel, size in own.items():
            found.setdefault(kernel, []).append(size)
    return {kernel: sum(values) / len(values) for kernel, values in found.items()}


def kernels(step):
    return {unit.split(".")[0] for unit in step["work"]}


def solve(rows, targets, weights, prior=None):
    """Non-negative least squares of relative errors; prior: what to expect of an unknown, where there are fewer equations than unknowns, and how far it may be off."""
    names = sorted({name for row in rows for name in row})
    matrix = numpy.array([[row.get(name, 0) for name in names] for row in rows], float) * weights[:, None]
    targets = targets * weights
    if prior is not None:
        expected = [prior(name) for name in names]
        matrix = numpy.vstack([matrix, numpy.diag([0.002 / spread for _, spread in expected])])
        targets = numpy.concatenate([targets, [0.002 * value / spread for value, spread in expected]])
    scale = numpy.maximum(matrix.max(axis=0), 1e-30)
    answer, _ = nnls(matrix / scale, targets, maxiter=100000)
    return {name: float(value) for name, value in zip(names, answer / scale)}


def code_row(layers):
    row = {"base": 1}
    for step in layers:
        for kernel in kernels(step):
            row[f"kernel {kernel}"] = 1
            row[f"use {kernel}"] = row.get(f"use {kernel}", 0) + 1
    return row


def predict(table, row):
    return sum(table.get(name, 0) * times for name, times in row.items())


def judge(folder, nets, check, core, name, instructions, code, records):
    """Prints what the table says of every network beside what was measured, and records the networks of check."""
    for net in nets:
        layers = nets[net]["layers"]
        measured = sum(int(line) for line in (folder / net / f"{core}.counts").read_text().split())
        predicted = sum(predict(instructions, step["work"]) for step in layers)
        constants, size = constants_and_code((folder / net / f"{core}.sizes").read_text())
        guess = predict(code, code_row(layers))
        if net in check:
            records.append({"model": net, "core": name, "instructions": measured, "constants": constants, "code": size, "arena": nets[net]["arena_bytes"]})
        print(f"{name:11} {net:10} {'check' if net in check else 'fit':6} instructions {measured:11} {100 * (predicted / measured - 1):+6.2f} %   code {size:6} {100 * (guess / size - 1):+6.2f} %   constants {constants - nets[net]['constant_bytes']:+d}")


def fit(folder, nets, fitted, core):
    """Instructions per unit of work and bytes of code per kernel, solved from what was measured of the networks fitted."""
    rows, counts, weights, code_rows, code_bytes, code_weights = [], [], [], [], [], []
    for net in fitted:
        layers = nets[net]["layers"]
        measured = [int(line) for line in (folder / net / f"{core}.counts").read_text().split()]
        assert len(measured) == len(layers), (net, core)
        total = sum(measured)
        for step, count in zip(layers, measured):
            rows.append(step["work"])
            counts.append(count)
            weights.append(1 / (count + 0.002 * total))
        code = constants_and_code((folder / net / f"{core}.sizes").read_text())[1]
        code_rows.append(code_row(layers))
        code_bytes.append(code)
        code_weights.append(1 / code)
    instructions = solve(rows, numpy.array(counts, float), numpy.array(weights))
    standing = standing_sizes((folder / net / f"{core}.sizes").read_text() for net in fitted)

    def expected(name):
        kind, _, kernel = name.partition(" ")
        size = standing.get(kernel, 200)
        return (size, 0.3 * size) if kind == "kernel" else (40, 20) if kind == "use" else (400, 200)

    code = solve(code_rows, numpy.array(code_bytes, float), numpy.array(code_weights), expected)
    return instructions, code


def main():
    folder, target, record, check = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), set(sys.argv[4].split())
    nets = {path.parent.parent.name: json.loads(path.read_text()) for path in sorted(folder.glob("*/c/net.json"))}
    fitted = [name for name in nets if name not in check]
    known = None if fitted else json.loads(target.read_text())["cores"]
    result, records = {}, []
    if known:
        records += [row for row in map(json.loads, record.read_text().splitlines()) if row["model"] not in nets]
    for core, name in CORES.items():
        instructions, code = (known[name]["instructions"], known[name]["code"]) if known else fit(folder, nets, fitted, core)
        result[name] = {"instructions": {unit: round(value, 3) for unit, value in instructions.items()}, "code": {unit: round(value, 1) for unit, value in code.items() if value > 0}}
        judge(folder, nets, check, core, name, instructions, code, records)

    record.write_text("".join(json.dumps(row) + "\n" for row in sorted(records, key=lambda row: row["model"])))
    if not known:
        source = "Fitted by eng/mcu/fit.py to counts of eng/fit-instructions.sh (QEMU -icount shift=0, gcc 12.2 -O2) on the networks: " + ", ".join(fitted)
        target.write_text(json.dumps({"source": source, "cores": result}, indent=1) + "\n")


main()
