"""Times one part of a search step: prints one JSON line per step, the first being the warm-up, and one with the peak of memory."""

import argparse
import json
import resource
import time

import torch

from state import State
from steps import PARTS, VARIANTS, SearchStep


def limit_memory():
    """Ends this process, and no other, if memory runs out: an allocation fails instead of waking the kernel's killer."""
    with open("/proc/meminfo") as file:
        facts = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in file}
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(facts["MemAvailable"] * 0.95)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("900")


def peak_megabytes():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in file if line.startswith("VmHWM:"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state")
    parser.add_argument("--part", required=True, choices=PARTS)
    parser.add_argument("--steps", type=int, default=2, help="timed steps after one warm-up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="plain", choices=list(VARIANTS))
    arguments = parser.parse_args()

    limit_memory()
    torch.set_num_threads(arguments.threads)
    state = State(arguments.state)
    step = SearchStep(state, VARIANTS[arguments.variant])
    images, labels = state.batches(arguments.part.split("_")[1])[0]
    del state

    for k in range(-1, arguments.steps):
        cpu, start = time.process_time(), time.perf_counter()
        loss = step.run(arguments.part, images, labels)
        seconds = time.perf_counter() - start
        print(json.dumps({"step": k, "seconds": seconds, "cpu": time.process_time() - cpu, "loss": loss}), flush=True)
    print(json.dumps({"peak_mb": peak_megabytes(), "version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)


if __name__ == "__main__":
    main()
