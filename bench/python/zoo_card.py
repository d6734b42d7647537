"""The card of a network of models/: see bench/zoo.sh.

python3 zoo_card.py NAME RUN MODEL EVALUATIONS COMMAND - EVALUATIONS: folder with NAME.MODE.json of `dcpnas evaluate` and NAME.chip.json of `dcpnas inspect --core all --json`.
Prints the card.
"""
import hashlib
import json
import pathlib
import sys

NOTES = {
    "mnist": ("classification", "Handwritten digits, 28 x 28, grey", "images", [
        "Digits as MNIST has them: white on black, centred, 28 x 28. Photographs of digits have to be brought into that form first."]),
    "cifar10": ("classification", "Ten kinds of animals and vehicles, 32 x 32, colour", "images", [
        "Trained on a JPEG copy of CIFAR-10 (quality 75), so accuracies on the official files may differ a little.",
        "Half the resolution, and an hour and a half of one processor core: the 1-bit ResNet-20 that sees all pixels and is trained for hundreds of epochs has 85 to 86 % in the literature (arXiv:1909.10788)."]),
    "scenes": ("detection", "Boxes around five kinds of synthetic shapes, 64 x 64, colour", "images", [
        "Synthetic scenes: it shows that the chain works, and is of no use on photographs.",
        "On a microcontroller boxes are decoded by NAME_detect (docs/model-format.md, section 9)."]),
    "persons": ("re-identification", "128 numbers per synthetic person, 32 x 16; the nearer the angle, the more alike", "queries", [
        "Synthetic persons: it shows that the chain works, and is of no use on photographs."]),
}
DATA = {"mnist": "the official files", "cifar10": "a copy whose images went through JPEG", "scenes": "generated, the same for everybody", "persons": "generated, the same for everybody"}


def main():
    name, run, model, evaluations, command = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4]), sys.argv[5]
    task, what, unit, limits = NOTES[name]
    read = lambda path: json.loads(path.read_text())
    modes = {mode: read(evaluations / f"{name}.{mode}.json") for mode in ("exact", "fast", "integer")}
    options, results, environment = read(run / "options.json"), read(run / "results.json"), read(run / "environment.json")["sessions"][-1]
    measures = list(modes["exact"]["measures"])
    float32 = {}
    for measure in measures:
        key = {"rank_1": "rank1", "rank_5": "rank5", "rank_10": "rank10", "rank_20": "rank20", "mAP": "map", "mINP": "minp"}.get(measure, measure)
        float32[measure] = results["test"][key]
    content = model.read_bytes()
    ops = next(row for row in read(run / "cost.json")["rows"] if row["name"].startswith("OPs"))
    chips = read(evaluations / f"{name}.chip.json")["chips"]
    cost = {"ops": f"{ops['value']:.2f} {ops['unit']}"}
    for chip in chips:
        if chip["core"] in ("cortex-m0", "cortex-m4", "rv32"):
            cost[chip["core"]] = f"{chip['constant_bytes']} bytes of constants and about {chip['code_bytes']} of code, {chip['arena_bytes']} of RAM, about {chip['instructions'] / 1e6:.2f} million instructions an image"
    geometry = [options["architecture"] if options["genotype"] is None else "cells", f"C {options['channels']}", f"stem {options['stem']}", f"scheme {options['scheme']}"]
    if options["genotype"] is not None:
        geometry.insert(2, f"L {options['cells']}")
    for key in ("data", "threads", "workers", "device", "checkpoint_minutes"):
        options.pop(key, None)
    card = {
        "name": name,
        "task": task,
        "what": what,
        "data": {"name": modes["exact"]["dataset"], "note": DATA[name]},
        "network": ", ".join(geometry),
        "genotype": options["genotype"],
        "file": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        "accuracy": {
            "measure": measures[0],
            "images": modes["exact"]["images"],
            "of": f"test {unit}",
            "modes": {"trained": float32, **{mode: modes[mode]["measures"] for mode in modes}},
        },
        "cost": cost,
        "training": {
            "command": command,
            "seed": options["seed"],
            "epochs": " + ".join(f"{results['epochs'][step]}{' (teacher)' if step == 'teacher' else ''}" for step in ("teacher", "step1", "final") if results["epochs"].get(step)),
            "seconds": round(sum(line["seconds"] for line in map(json.loads, (run / "metrics.jsonl").read_text().splitlines()) if line["kind"] == "epoch")),
            "machine": f"one thread of {environment['cpu_model']}, shared with other work",
            "options": options,
        },
        "limits": limits,
    }
    print(json.dumps(card, indent=2))


main()
