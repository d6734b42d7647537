"""Writes bench/results/train-cifar10.md to standard output from the runs of bench/train-cifar10.sh: python3 bench/python/train_page.py RUNS"""
import json
import math
import os
import sys

SEEDS = (0, 1, 2)
NETWORKS = (("searched", "the recorded search (bench/results/search-cifar10)"), ("tangent1", "Tangent_1 (published)"), ("random", "drawn at random (`dcpnas genotype random --seed 0`)"))
SCHEMES = (("paper", "1-bit"), ("none", "real-valued counterpart"))


def read(runs, name, scheme, seed):
    folder = os.path.join(runs, f"{name}-{scheme}-seed{seed}")
    path = os.path.join(folder, "results.json")
    if not os.path.exists(path):
        return None
    with open(path) as file:
        result = json.load(file)
    with open(os.path.join(folder, "options.json")) as file:
        result["options"] = json.load(file)
    return result


def spread(values):
    """Mean, and the standard deviation of the values (n - 1) where there are several."""
    mean = sum(values) / len(values)
    if len(values) == 1:
        return f"{100 * mean:.1f} (one seed)"
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return f"{100 * mean:.1f} ± {100 * deviation:.1f} ({len(values)} seeds)"


def main(runs):
    results = {(name, scheme, seed): read(runs, name, scheme, seed) for name, _ in NETWORKS for scheme, _ in SCHEMES for seed in SEEDS}
    found = [result for result in results.values() if result]
    if not found:
        sys.exit(f"{runs}: no training has ended yet (expected NAME-SCHEME-seedN/results.json).")
    first = found[0]
    images = first["images"]
    binary = next((result for result in found if result["scheme"] == "paper"), None)
    print("# Small final networks on CIFAR-10: the searched genotype, a published and a random one, and their real-valued counterparts\n")
    print(f"**Data.** {first['dataset']}: {images['train']:,} training images, {images['validation']:,} held out to select the epoch, "
          f"{images['test']:,} of {images['test_available']:,} test images, looked at once. No test-time augmentation.\n")
    options = first["options"]
    steps = f"{binary['epochs'].get('step1', 0)} + {binary['epochs']['final']} epochs (1-bit activations, then 1-bit weights as well)" if binary else "not run yet"
    print(f"**Training.** 8 cells, about 1.03 M 1-bit weights each; scheme `paper`; {steps}; counterparts as many epochs in one step. {options['optimizer']}, "
          f"rate {options['rate']} to {options['rate_end']} ({options['schedule']}), batch {options['batch_size']}, average of weights {options['ema_decay']}; no teacher. "
          "The budget is what two cores afford: accuracies are far from those of a full training, and only networks of one budget compare.\n")
    print("**Command.** `bench/train-cifar10.sh DATA` (configs/train-cifar10-cpu.json).\n")
    print("| genotype | 1-bit weights | OPs | test top-1 of the 1-bit network, % | of its counterpart, % | gap, points |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, title in NETWORKS:
        ones = [results[name, "paper", seed] for seed in SEEDS]
        real = [results[name, "none", seed] for seed in SEEDS]
        top1 = [result["test"]["top1"] for result in ones if result]
        real_top1 = [result["test"]["top1"] for result in real if result]
        gaps = [other["test"]["top1"] - one["test"]["top1"] for one, other in zip(ones, real) if one and other]
        cost = next((result["cost"] for result in ones if result), None)
        print(f"| {title} | {cost['binary_weights'] / 1e6:.2f} M | {cost['ops'] / 1e6:.1f} M | " if cost else f"| {title} | | | ", end="")
        print(" | ".join(spread(values) if values else "not run" for values in (top1, real_top1, gaps)) + " |")
    print("\nEvery run, test top-1 in %:\n\n| genotype | network | " + " | ".join(f"seed {seed}" for seed in SEEDS) + " |\n| --- | --- | " + " | ".join("---:" for _ in SEEDS) + " |")
    for name, _ in NETWORKS:
        for scheme, title in SCHEMES:
            cells = (f"{100 * result['test']['top1']:.1f}" if (result := results[name, scheme, seed]) else "not run" for seed in SEEDS)
            print(f"| {name} | {title} | " + " | ".join(cells) + " |")
    print("\n± is the standard deviation over seeds; with so few test images and seeds, differences below about 3 points say nothing.")


main(sys.argv[1] if len(sys.argv) > 1 else "runs/train-cifar10")
