"""Writes the page of bench/detect-synthetic.sh from the files that it left."""
import json
import pathlib
import statistics
import sys

work, page, coco, *seeds = sys.argv[1:]
work = pathlib.Path(work)


def load(name):
    return json.loads((work / name).read_text())


def epochs_of(folder):
    """The epochs of a log, in order."""
    with open(work / folder / "metrics.jsonl") as lines:
        return [record for record in map(json.loads, lines) if record.get("kind") == "epoch"]


def seconds(folder):
    """Sums of the epochs of a log, training alone."""
    return sum(epoch.get("seconds", 0) for epoch in epochs_of(folder))


def row(title, name):
    runs = [load(f"{name}-{seed}.evaluation.json") for seed in seeds]
    values = [[run["voc"]["map50_area"] for run in runs], [run["voc"]["map50_11point"] for run in runs], [run["coco"]["AP"] for run in runs], [run["coco"]["AP75"] for run in runs]]
    cells = [f"{statistics.mean(v):.3f} ± {statistics.stdev(v) if len(v) > 1 else 0:.3f}" for v in values]
    cost = runs[0]["cost"]
    spent = statistics.mean(seconds(f"{name}-{seed}") for seed in seeds)
    singles = ", ".join(f"{value:.3f}" for value in values[0])
    return f"| {title} | {' | '.join(cells)} | {singles} | {cost['ops'] / 1e6:.2f} M | {cost['memory_mbit']:.2f} | {spent:.0f} s |"


def pair(detector, prefix):
    """Both rows of a detector, or none where it was not trained."""
    if not (work / f"{prefix}binary-{seeds[0]}.evaluation.json").exists():
        return []
    epochs = load(f"{prefix}binary-{seeds[0]}.json")["results"]["epochs"]
    return [row(f"{detector}, 1-bit, {epochs.get('step1', 0)} + {epochs['final']} epochs", f"{prefix}binary"), row(f"{detector}, real-valued twin", f"{prefix}twin")]


first = load(f"binary-{seeds[0]}.json")["results"]
export, bench = load("export.json"), load("bench.json")
threads = bench["threads"][0]
lines = [
    "# A 1-bit detector on drawn scenes",
    "",
    "**Claim.** None but these numbers: a one-stage detector whose body, neck and 3x3 units are 1-bit learns the drawn scenes, how far it stays behind its real-valued twin, and how far both stay behind "
    "Faster R-CNN on the same backbone, whose layers that look at regions are real in either case.",
    "",
    "**Command.** `DCPNAS_DATA=DIR bench/detect-synthetic.sh` (recipes `configs/detect-synthetic.json` and `configs/detect-synthetic-rcnn.json`; the twin: `--scheme none`, same epochs as the last step). One thread each.",
    "",
    f"**Data.** {first['dataset']}: {first['images']['train']} images to learn from, {first['images']['validation']} to select by, {first['images']['test']} test images of 64 x 64 with 1 to 4 shapes of 5 classes; drawn by seed 0 for all runs, split by the seed of the run.",
    "",
    f"| {len(seeds)} seeds, test images | VOC mAP50, area | VOC mAP50, 11 points | COCO AP | COCO AP75 | mAP50 of each seed | OPs | Mbit | training |",
    "| --- | --: | --: | --: | --: | --- | --: | --: | --: |",
    *pair("one-stage", ""),
    *pair("Faster R-CNN", "rcnn-"),
    "",
    "Mean and standard deviation over the seeds. Trainings are of minutes: longer ones are better, for the 1-bit network more so. The machine was shared, so that times are upper bounds.",
    "",
    f"**Packed.** {export['bytes']} bytes, proven on {export['proof_images']}: {export['proof']['sums']} equal sums, {export['proof']['real_signs']} equal bits, largest error {export['proof']['output_error']:.1e}; "
    f"{threads['milliseconds']['median']:.3f} ms per image on one thread, decoding of boxes not included. Against ONNX Runtime: [packed-networks](packed-networks.md).",
]
if coco:
    result, evaluation = load(f"{coco}.json")["results"], load(f"{coco}.evaluation.json")
    log = epochs_of(coco)
    last = log[-1]
    lines += [
        "",
        "## 128 images of COCO",
        "",
        f"`coco128` (see the name of the data: {result['dataset']}): {result['images']['train']} images to learn from, {result['images']['validation']} to select by, {result['images']['test']} held out as test images, "
        f"scaled to 128 x 128; {len(log)} epochs in one step, {seconds(coco) / 60:.0f} minutes. **So few images of 80 classes are learned by heart, not understood**: at the end mAP50 is {last['train_map50']:.3f} on the "
        f"images learned from and {last['valid_map50']:.3f} on those to select by. The kept network (best on those, at {max(epoch['valid_map50'] for epoch in log):.3f}) has test mAP50 {evaluation['voc']['map50_area']:.3f}, COCO AP {evaluation['coco']['AP']:.3f}. "
        "This shows that real images and COCO's files go through and that the network can fit them, and nothing else.",
    ]
pathlib.Path(page).write_text("\n".join(lines) + "\n")
print(f"written: {page}")
