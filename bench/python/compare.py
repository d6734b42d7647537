"""Runs DcpNas and its reference in PyTorch in turn, one part of a search step and one process at a time, and writes the page.

Called by bench/compare-python.sh. Every process makes one warm-up step and some timed ones from the same exported state. Results of
each configuration are kept beside the page as JSON lines; measuring a configuration again replaces them.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import write_page

HERE = Path(__file__).resolve().parent
PARTS = ["parent_weights", "parent_alpha", "child_weights", "child_alpha"]
ALLOCATORS = ["/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4", "/usr/lib/aarch64-linux-gnu/libtcmalloc_minimal.so.4"]


class Runner:
    def __init__(self, arguments):
        self.arguments = arguments
        self.allocator = next((path for path in ALLOCATORS if os.path.exists(path)), None)
        if self.allocator is None:
            print("warning: tcmalloc is not installed (apt-get install libtcmalloc-minimal4); both sides run on glibc's allocator", flush=True)

    def environment(self, threads):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        if self.allocator:
            environment["LD_PRELOAD"] = self.allocator
        return environment

    def size(self, configuration):
        return [text for key in ("cells", "channels", "batch", "partial", "threads") for text in (f"--{key}", str(configuration[key]))]

    def export(self, configuration, path):
        command = [self.arguments.dcpnas, "export", path, *self.size(configuration)]
        subprocess.run(command, env=self.environment(configuration["threads"]), check=True)

    def measure(self, side, part, configuration, state):
        """One process: {"steps": [...], "peak_mb": ...} or {"error": ...}."""
        timed = ["--part", part, "--steps", str(self.arguments.steps)]
        if side == "dcpnas":
            command = [self.arguments.dcpnas, "time", *timed, *self.size(configuration)]
        else:
            command = [sys.executable, str(HERE / "time_part.py"), state, *timed, "--variant", side, "--threads", str(configuration["threads"])]
        result = {"steps": []}
        process = subprocess.Popen(
            command, env=self.environment(configuration["threads"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            output, errors = process.communicate(timeout=self.arguments.timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            errors = f"not done after {self.arguments.timeout} s"
        for line in output.splitlines():
            facts = json.loads(line)
            result["steps"].append(facts) if "step" in facts else result.update(facts)
        if "peak_mb" not in result:
            result["error"] = describe_failure(process.returncode, errors)
        return result


def describe_failure(code, errors):
    if code == -9 or "alloc" in errors.lower() or "MemoryError" in errors:
        return "out of memory" if "not done after" not in errors else errors
    last = [line for line in errors.splitlines() if line.strip()]
    return last[-1] if last else f"exit code {code}"


def sides_of(part, variants):
    """The sides that have a way of their own for a part: the variant forward differs from plain only in the Child's alpha."""
    return ["dcpnas", *(variant for variant in variants if variant != "forward" or part == "child_alpha")]


def measure_configuration(runner, configuration):
    arguments = runner.arguments
    record = {"configuration": configuration, "date": datetime.date.today().isoformat(), "load": os.getloadavg()[0], "runs": {}}
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, "state.safetensors")
        runner.export(configuration, state)
        for index, part in enumerate(PARTS):
            sides = sides_of(part, arguments.variants)
            for side in sides if index % 2 == 0 else reversed(sides):
                start = time.monotonic()
                result = runner.measure(side, part, configuration, state)
                record["runs"].setdefault(side, {})[part] = result
                timed = [f"{step['seconds']:.2f}" for step in result["steps"] if step["step"] >= 0]
                outcome = result.get("error") or f"{' '.join(timed)} s, peak {result['peak_mb'] / 1000:.1f} GB"
                print(f"  {part:15} {side:8} {outcome}  ({time.monotonic() - start:.0f} s in all)", flush=True)
    return record


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dcpnas", required=True, help="the program DcpNas.SearchStep")
    parser.add_argument("--page", required=True, help="the Markdown page to write; records go beside it")
    parser.add_argument("--threads", type=int, nargs="+", default=[2])
    parser.add_argument("--batch", type=int, nargs="+", default=[64])
    parser.add_argument("--partial", type=int, nargs="+", default=[1])
    parser.add_argument("--cells", type=int, default=8)
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--steps", type=int, default=2, help="timed steps after one warm-up")
    parser.add_argument("--variants", nargs="+", default=["plain", "forward"], choices=["plain", "forward", "tuned"])
    parser.add_argument("--timeout", type=int, default=900, help="seconds that a process may take")
    arguments = parser.parse_args()

    records_path = Path(arguments.page).with_suffix(".jsonl")
    runner = Runner(arguments)
    for threads in arguments.threads:
        for batch in arguments.batch:
            for partial in arguments.partial:
                configuration = {
                    "cells": arguments.cells, "channels": arguments.channels, "batch": batch, "partial": partial, "threads": threads,
                }  # fmt: skip
                print(", ".join(f"{key} {value}" for key, value in configuration.items()), flush=True)
                record = measure_configuration(runner, configuration)
                record["allocator"] = "tcmalloc" if runner.allocator else "glibc"
                records = [json.loads(line) for line in records_path.read_text().splitlines()] if records_path.exists() else []
                records = [other for other in records if other["configuration"] != configuration] + [record]
                records_path.write_text("".join(json.dumps(other) + "\n" for other in records))
                write_page(arguments.page, records)
    print(f"wrote {arguments.page}")


if __name__ == "__main__":
    main()
