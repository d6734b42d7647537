"""Writes bench/results/search-step-vs-python.md from the records of compare.py."""

import os
import platform
import statistics
import sys

PART_NAMES = {
    "parent_weights": "Parent weights",
    "parent_alpha": "Parent alpha",
    "child_weights": "Child weights",
    "child_alpha": "Child alpha (GGN)",
}
VARIANT_NAMES = {"plain": "Python", "forward": "Python, forward mode", "tuned": "Python, tuned"}


class Times:
    """Seconds of one side for one part, or for a whole step."""

    def __init__(self, median, least, most):
        self.median, self.least, self.most = median, least, most

    @staticmethod
    def of(run):
        seconds = [step["seconds"] for step in run["steps"] if step["step"] >= 0] if "error" not in run else []
        return Times(statistics.median(seconds), min(seconds), max(seconds)) if seconds else None

    @staticmethod
    def total(all_times):
        if any(times is None for times in all_times):
            return None
        return Times(*(sum(getattr(times, name) for times in all_times) for name in ("median", "least", "most")))


def ratio(theirs, ours):
    """How many times as long theirs takes, with the least and the most that the single steps allow."""
    if theirs is None or ours is None:
        return ""
    return f"{theirs.median / ours.median:.2f} ({theirs.least / ours.most:.2f} to {theirs.most / ours.least:.2f})"


def with_plain(runs, variant):
    """The runs of a variant; parts that it does not have of its own are those of plain."""
    return {**(runs.get("plain", {}) if variant == "forward" else {}), **runs.get(variant, {})}


def table(record):
    runs = record["runs"]
    variants = [variant for variant in VARIANT_NAMES if variant in runs]
    names = [VARIANT_NAMES[variant] for variant in variants]
    lines = [
        f"| part | DcpNas s | {' | '.join(f'{name} s | ratio' for name in names)} | DcpNas GB | {' | '.join(f'{name} GB' for name in names)} |",
        "|" + "---|" * (3 + 3 * len(variants)),
    ]
    ours = {part: runs["dcpnas"][part] for part in PART_NAMES}
    for part, name in PART_NAMES.items():
        own = Times.of(ours[part])
        cells = [name, seconds(ours[part], own)]
        for variant in variants:
            run = runs[variant].get(part)
            times = Times.of(run) if run else None
            cells += [seconds(run, times), ratio(times, own)]
        cells += [memory(ours[part]), *(memory(runs[variant].get(part)) for variant in variants)]
        lines.append(f"| {' | '.join(cells)} |")
    own = Times.total([Times.of(run) for run in ours.values()])
    cells = ["**whole step**", f"**{own.median:.2f}**" if own else "not all parts"]
    for variant in variants:
        both = with_plain(runs, variant)
        total = Times.total([Times.of(both[part]) if part in both else None for part in PART_NAMES])
        cells += [f"**{total.median:.2f}**" if total else "not all parts", f"**{ratio(total, own)}**" if total and own else ""]
    cells += [peak(ours), *(peak(with_plain(runs, variant)) for variant in variants)]
    return [*lines, f"| {' | '.join(cells)} |"]


def seconds(run, times):
    return "as Python" if run is None else run["error"] if times is None else f"{times.median:.2f}"


def memory(run):
    return "" if run is None or "peak_mb" not in run else f"{run['peak_mb'] / 1000:.1f}"


def peak(runs):
    if any("error" in run for run in runs.values()):
        return "not all parts"
    return f"{max((run.get('peak_mb', 0) for run in runs.values()), default=0) / 1000:.1f}"


def losses(record):
    """The losses of the warm-up step, to show that all sides did the same work."""
    texts = []
    for part, name in PART_NAMES.items():
        values = [(side, runs[part]["steps"][0]["loss"]) for side, runs in record["runs"].items() if runs.get(part, {}).get("steps")]
        texts.append(f"{name} {', '.join(f'{loss:.5f}' for _, loss in sorted(values))}")
    return f"Losses of the first step (DcpNas first): {'; '.join(texts)}."


def claim(record):
    runs = record["runs"]
    own = Times.total([Times.of(runs["dcpnas"][part]) for part in PART_NAMES])
    for variant, name in VARIANT_NAMES.items():
        both = with_plain(runs, variant)
        total = Times.total([Times.of(both[part]) if part in both else None for part in PART_NAMES])
        if own is not None and total is not None:
            unfinished = "" if variant == "plain" else " (plain Python did not finish every part)"
            return (
                f"One full search step takes {own.median:.1f} s in DcpNas and {total.median:.1f} s in {name}{unfinished}: "
                f"{total.median / own.median:.2f} times as long."
            )
    return "No Python variant and DcpNas both finished every part; see the table."


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as file:
        gigabytes = int(file.readline().split()[1]) * 1024 / 1e9
    return f"{model}, {os.cpu_count()} cores, {gigabytes:.0f} GB, {platform.system()} {platform.release()}"


def version(records, side):
    return next((run["version"] for record in records for run in record["runs"].get(side, {}).values() if "version" in run), "unknown")


def write_page(path, records):
    first = records[0]
    lines = [
        "# A search step against the same step in Python PyTorch",
        "",
        f"**Claim.** {claim(first)} Parts, memory and other settings below.",
        "",
        "**What runs.** One step of all four parts of the search (DCP-NAS, Algorithm 10): weights of the Parent (cross entropy, clip 5, SGD), alpha",
        "of the Parent (Adam), weights of the 1-bit Child (-G + mu L_R, the Parent without gradient), alpha of the Child (tangent of the Parent,",
        "g_C, the Gauss-Newton product F (g_P - g_C)). Both sides start from the same exported weights, alpha and batch; `bench/python/check.py`,",
        "run before each measurement, finds losses, gradients and the changed weights equal to about 1e-14 in float64. Backtracking is off on",
        "both sides. The Python side in its variants:",
        "",
        "- **Python**: as DARTS code is written: NCHW, operations that normalise for themselves, `J v` by double backward;",
        "- **Python, forward mode**: the same with `J v` by `torch.autograd.forward_ad`;",
        "- **Python, tuned**: channels-last memory, normalisation and sign shared by all edges that read a place, no zero operation, forward mode:",
        "  what DcpNas does as far as PyTorch's own operators go.",
        "",
        "**Command.** `bench/compare-python.sh` (options `--threads`, `--batch`, `--partial`, `--variants`, several values each). One part of one side",
        "per process, never two at once, order turned from part to part; one warm-up step, then the timed ones. Seconds are medians; a ratio",
        "says how many times as long Python takes, in brackets the least and the most that the single steps allow. GB is the peak of resident",
        "memory (VmHWM, 10^9 bytes) of the process, everything included; of a whole step the largest.",
        "",
        f"**Machine.** {machine()}. DcpNas on libtorch {version(records, 'dcpnas')}; Python {platform.python_version()} with torch {version(records, 'plain')}",
        f"({sys.executable}). Allocator of both sides: {first['allocator']}. float32. Debian's torch 1.13 is older than our libtorch, built without MKL",
        "(with oneDNN), and its own kernels stop at AVX2: part of a ratio is that. `PYTHON=... bench/compare-python.sh` measures another one.",
        "",
    ]
    for record in records:
        configuration = record["configuration"]
        lines += [
            f"## {configuration['threads']} thread{'s' if configuration['threads'] > 1 else ''}, batch {configuration['batch']}, "
            f"{configuration['cells']} cells, C = {configuration['channels']}"
            + (f", partial channels 1/{configuration['partial']}" if configuration["partial"] > 1 else ""),
            "",
            *table(record),
            "",
            f"{losses(record)} Measured {record['date']}, load average {record['load']:.1f} before.",
            "",
        ]
    with open(path, "w") as file:
        file.write("\n".join(lines))
