"""Makes the tables of bench/results/reid-evaluation.md of lines of JSON: one case after another, each `CASE<tab>JSON`. Fails where programs differ."""

import json
import statistics
import sys

MEASURES = ["rank_1", "rank_5", "rank_10", "rank_20", "mAP", "mINP"]


def spread(values, digits):
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def claim(case, programs):
    cpu = {program: statistics.median(line["cpu"] for line in lines) for program, lines in programs.items()}
    others = [f"{cpu[program] / cpu['dcpnas']:.1f} times that for {program}" for program in programs if program != "dcpnas"]
    return f"{case}: {cpu['dcpnas']:.1f} s of one core, {', '.join(others)}."


def main():
    cases = {}
    for text in sys.stdin:
        case, line = text.rstrip("\n").split("\t")
        line = json.loads(line)
        cases.setdefault(case, {}).setdefault(line["program"], []).append(line)
    print("**Claim.** " + " ".join(claim(case, programs) for case, programs in cases.items()) + "\n")
    for case, programs in cases.items():
        ours = programs["dcpnas"]
        for lines in programs.values():
            for line in lines:
                worst = max(abs(line[name] - ours[0][name]) for name in MEASURES)
                if worst > 1e-12:
                    sys.exit(f"{case}: {line['program']} and dcpnas differ by {worst}; no page was written.")
        cpu = statistics.median(line["cpu"] for line in ours)
        features = ours[0]["feature_mb"]
        print(f"### {case}\n")
        print(f"Features {features:.0f} MB. All programs: " + ", ".join(f"{name} {ours[0][name]:.6f}" for name in MEASURES) + ", equal within 1e-12.\n")
        print("| program | runs | CPU seconds | x | wall seconds | peak MB | beside the features |\n| --- | --: | --: | --: | --: | --: | --: |")
        for program, lines in programs.items():
            middle = statistics.median(line["cpu"] for line in lines)
            peak = max(line["peak_mb"] for line in lines)
            print(
                f"| {program} | {len(lines)} | {spread([line['cpu'] for line in lines], 1)} | {middle / cpu:.2f} | "
                f"{spread([line['wall'] for line in lines], 1)} | {peak:.0f} | {peak - features:.0f} |")
        print()


if __name__ == "__main__":
    main()
