"""Person re-identification in plain NumPy, for comparison: distances of a block of queries to the whole gallery, then a stable sort of each row
(as the reference tools do) or a count for each match. Prints one line of JSON."""

import argparse
import json
import time

import numpy as np


def load(folder, name):
    identities = np.fromfile(f"{folder}/{name}.identities.i32", np.int32)
    features = np.fromfile(f"{folder}/{name}.f32", np.float32).reshape(len(identities), -1)
    return features, identities, np.fromfile(f"{folder}/{name}.cameras.i32", np.int32)


def ranks_by_sorting(distances, removed, same):
    order = np.argsort(distances, kind="stable")
    order = order[~removed[order]]
    return np.flatnonzero(same[order]) + 1


def ranks_by_counting(distances, removed, same):
    kept = np.where(removed, np.float32(np.inf), distances)
    ranks = []
    for match in np.flatnonzero(same & ~removed):
        limit = kept[match]
        ranks.append(1 + np.count_nonzero(kept < limit) + np.count_nonzero(kept[:match] == limit))
    return np.sort(np.array(ranks, dtype=np.int64))


def peak_megabytes():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in file if line.startswith("VmHWM:"))


def evaluate(query, gallery, method, block):
    features, identities, cameras = query
    gallery_features, gallery_identities, gallery_cameras = gallery
    squares = np.einsum("ij,ij->i", gallery_features, gallery_features)
    curve, precisions, penalties = np.zeros(50), [], []
    for start in range(0, len(features), block):
        part = features[start:start + block]
        distances = part @ gallery_features.T
        distances *= -2
        distances += squares
        distances += np.einsum("ij,ij->i", part, part)[:, None]
        for row, query_index in enumerate(range(start, start + len(part))):
            same = gallery_identities == identities[query_index]
            removed = same & (gallery_cameras == cameras[query_index])
            ranks = method(distances[row], removed, same)
            if len(ranks) == 0:
                continue
            curve[ranks[0] - 1:] += 1
            precisions.append(np.mean(np.arange(1, len(ranks) + 1) / ranks))
            penalties.append(len(ranks) / ranks[-1])
    curve /= len(precisions)
    return {
        "rank_1": curve[0], "rank_5": curve[4], "rank_10": curve[9], "rank_20": curve[19],
        "mAP": np.mean(precisions), "mINP": np.mean(penalties),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--method", choices=["sort", "count"], default="sort")
    parser.add_argument("--block", type=int, default=64, help="queries whose distances are in memory at once")
    arguments = parser.parse_args()

    query, gallery = load(arguments.folder, "query"), load(arguments.folder, "gallery")
    wall, cpu = time.perf_counter(), time.process_time()
    measures = evaluate(query, gallery, ranks_by_sorting if arguments.method == "sort" else ranks_by_counting, arguments.block)
    line = {
        "program": f"numpy {arguments.method}", "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak_mb": peak_megabytes(),
        "feature_mb": (query[0].nbytes + gallery[0].nbytes) / 1e6,
    }
    print(json.dumps(line | {name: float(value) for name, value in measures.items()}))


if __name__ == "__main__":
    main()
