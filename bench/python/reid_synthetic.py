"""Writes the page of bench/reid-synthetic.sh from the results of its runs."""
import json
import statistics
import sys
from pathlib import Path

page, runs, seeds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
METRICS = ("rank1", "rank5", "map", "minp")


def results(kind, seed):
    return json.loads((runs / f"{kind}-{seed}" / "results.json").read_text())


def seconds(kind, seed):
    lines = (runs / f"{kind}-{seed}" / "metrics.jsonl").read_text().splitlines()
    return sum(record["seconds"] for record in map(json.loads, lines) if record["kind"] == "epoch")


def chance(matches, images):
    """Expected rank-1, rank-5 and average precision of a random order."""
    none_in_five = 1.0
    for k in range(5):
        none_in_five *= (images - matches - k) / (images - k)
    precision = sum((1 + (matches - 1) * (k - 1) / (images - 1)) / k for k in range(1, images + 1)) / images
    return matches / images, 1 - none_in_five, precision


# Per query: 8 gallery images of each of 100 identities and 100 distractors, without the 2 of the same identity and camera; 6 of the rest match.
first, five, precision = chance(6, 100 * 8 + 100 - 2)
one = results("binary", seeds[0])
options = json.loads((runs / f"binary-{seeds[0]}" / "options.json").read_text())
environment = json.loads((runs / f"binary-{seeds[0]}" / "environment.json").read_text())["sessions"][-1]


def row(name, kind):
    cells = []
    for metric in METRICS:
        values = [100 * results(kind, seed)["test"][metric] for seed in seeds]
        spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
        cells.append(f"{statistics.mean(values):.1f}{spread} ({', '.join(f'{value:.1f}' for value in values)})")
    cost = results(kind, seeds[0])["cost"]
    return f"| {name} | {' | '.join(cells)} | {cost['ops'] / 1e6:.2f} M | {cost['memory_mbit']:.3f} | {statistics.mean(seconds(kind, seed) for seed in seeds):.0f} s |"


page.write_text(f"""# Person re-identification on synthetic persons

**Question.** How well do the identity embeddings of a 1-bit network ({options['architecture']}, {options['channels']} channels) rank persons that it was not
trained on, beside those of its real-valued counterpart and chance, after trainings of a few minutes?

**Command.** `bench/reid-synthetic.sh` (configs/reid-synthetic.json; {len(seeds)} seeds)

**Data.** Synthetic persons, 32 x 16 pixels, four cameras. Trained on {one['images']['train']} images of 108 identities, 12 others are for
validation. Tested on 100 further identities: 400 queries, a gallery of 900 images with 100 distractors, cosine distance, same identity and camera left out.
The images are synthetic: these numbers say that the chain works, not how it does on photographs.

**Machine.** {environment.get('machine', 'not stated')}, one thread of a core that others used too; dcpnas {environment.get('dcpnas', '')}.

Mean ± standard deviation over seeds (each seed), in %:

| network | rank-1 | rank-5 | mAP | mINP | OPs | Mbit | time of training |
| --- | --- | --- | --- | --- | --- | --- | --- |
{row(f"1-bit (scheme {options['scheme']}), {options['step1_epochs']} + {options['epochs']} epochs", "binary")}
{row(f"its real-valued counterpart, {options['step1_epochs'] + options['epochs']} epochs", "real")}
| chance: a random order | {100 * first:.1f} | {100 * five:.1f} | {100 * precision:.1f} | | | | |
""")
