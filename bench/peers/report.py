"""Writes docs/benchmarks.md from the rows of drive.py and check.py.

    report.py FOLDER > docs/benchmarks.md

Shares of the peak: the best round of each contestant. Training steps: the medians
over the rounds of our share and of the ratio of ours to the peer's run beside it.
"""
import argparse
import collections
import json
import math
import pathlib
import statistics

import networks
from targets import target_table

C_LIBRARIES = ("openblas", "blis", "onednn", "onednn matmul")
TIE = 0.01


class Best:
    """The best round of a contestant, and how far the worst was."""

    def __init__(self):
        self.rounds = {}
        self.rows = []

    def add(self, row):
        if row.get("ratio"):
            r = row["round"]
            self.rounds[r] = max(self.rounds.get(r, 0), row["ratio"])
            self.rows.append(row)

    @property
    def ratio(self):
        return max(self.rounds.values(), default=0)

    @property
    def spread(self):
        return self.ratio - min(self.rounds.values(), default=0)

    @property
    def peak(self):
        return statistics.median(r["peak_gflops"] for r in self.rows)

    def __str__(self):
        return f"{self.ratio:.3f}".lstrip("0") if self.rounds else ""


class Cell:
    """A shape and operation: ours and the peers, plain and packed."""

    def __init__(self):
        self.who = collections.defaultdict(Best)

    def best(self, peers, packed=None):
        found = [b for (peer, p), b in self.who.items() if peer in peers and b.rounds and (packed is None or p == packed)]
        return max(found, key=lambda b: b.ratio, default=None)

    def verdict(self, peers=C_LIBRARIES, packed=None):
        """Ours over the best peer, and "lost" where that is below a tie."""
        ours, theirs = self.best(("gopcn",), packed), self.best(peers, packed)
        if not ours or not theirs:
            return None, ""
        ratio = ours.ratio / theirs.ratio
        tie = max(TIE, ours.spread / ours.ratio, theirs.spread / theirs.ratio)
        return ratio, "**lost**" if ratio < 1 - tie else "tie" if ratio < 1 + tie else ""


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def cells(rows, kernel):
    """Cells by (shape, op, act), in the order of the rows."""
    table = {}
    for row in rows:
        if row["kernel"] == kernel and row.get("workers", 1) == 1:
            cell = table.setdefault((row["shape"], row["op"], row.get("act", "").replace("none", "")), Cell())
            cell.who[row["peer"], bool(row.get("packed"))].add(row)
    return table


def hot_shares(rows):
    """shape -> workers -> Best, of products with all workers busy."""
    table = collections.defaultdict(lambda: collections.defaultdict(Best))
    for row in rows:
        if row["kernel"] == "hot":
            table[row["shape"]][row["workers"]].add(row)
    return table


def limits_of(rows):
    """What bounds odd shapes: the share left by transposing, by tier; the shares of
    one row and of reading its B on both cores; and ns an element of activations."""
    mix = collections.defaultdict(list)
    both, alone = collections.defaultdict(float), {}
    for r in rows:
        if r["kernel"] == "peak" and r["op"] == "transposing":
            mix[r["peer"]].append(r["ratio"])
        elif r["shape"].startswith("1x") and r.get("workers") == 2 and r["kernel"] in ("gemm", "reading") and r["op"] in ("NN", "B"):
            both[r["kernel"]] = max(both[r["kernel"]], r.get("ratio", 0))
        elif r.get("ns_per_element") and r["peer"] == "gopcn" and r["op"] == "value":
            alone[r["kernel"]] = min(alone.get(r["kernel"], math.inf), r["ns_per_element"])
    return {"mix": {peer: statistics.median(v) for peer, v in mix.items()}, "one row": both, "activations": alone}


def number(x):
    return "" if x is None else f"{x:.2f}"


def gemm_section(table):
    columns = [("gopcn", False), ("gopcn", True), ("gopcn avx2", False), ("gopcn avx2", True), ("openblas", False), ("blis", False), ("onednn", False),
               ("onednn matmul", False), ("onednn matmul", True), ("torch", False), ("jax", False), ("gonum", False)]
    print("## Matrix products\n\nShare of the multiply-add peak, one thread, M x K x N; (p): weights packed beforehand. plain: ours over the\n"
          "best C library, nothing packed; best: everything allowed on both sides.\n")
    columns = [c for c in columns if any(c in cell.who for cell in table.values())]
    header = ["shape", "op"] + [p + (" (p)" if packed else "") for p, packed in columns] + ["spread", "plain", "best", ""]
    print("|", " | ".join(header), "|\n|", "---|" * len(header))
    for (shape, op, _), cell in table.items():
        plain, plain_word = cell.verdict(packed=False)
        best, best_word = cell.verdict()
        ours = cell.best(("gopcn",))
        words = [f"{name} {w}" for name, w in (("plain", plain_word), ("best", best_word)) if w]
        values = [str(cell.who[c]) if c in cell.who else "" for c in columns]
        print("|", " | ".join([shape, op] + values + [number(ours.spread if ours else None), number(plain), number(best), ", ".join(words)]), "|")
    print()


def fused_section(table):
    print("## A layer with bias and fused activation\n\nu = f(x Wᵀ + b), W packed (PyTorch and JAX: not), share of the multiply-add peak counting the product alone.\n")
    print("| shape | f | gopcn | onednn matmul | torch | jax | ours / onednn | |\n|---|---|---|---|---|---|---|---|")
    for (shape, _, act), cell in table.items():
        ratio, word = cell.verdict(("onednn matmul",))
        values = [str(cell.best((p,)) or "") for p in ("gopcn", "onednn matmul", "torch", "jax")]
        print("|", " | ".join([shape, act] + values + [number(ratio), word]), "|")
    print()


def conv_section(table):
    print("## Convolutions 3x3\n\nOne thread, batch 16, share of the multiply-add peak over the taps inside the image; oneDNN by way of PyTorch, the\n"
          "better of both memory layouts.\n")
    columns = [p for p in ("gopcn", "gopcn avx2", "torch") if any(cell.best((p,)) for cell in table.values())]
    print("| shape | direction |", " | ".join(columns), "| ours / torch | |\n|---|---|" + "---|" * len(columns) + "---|---|")
    for (shape, op, _), cell in table.items():
        ratio, word = cell.verdict(("torch",))
        values = [str(cell.best((p,)) or "") for p in columns]
        print("|", " | ".join([shape, op] + values + [number(ratio), word]), "|")
    print()


def train_results(rows):
    """By network: ours (share, spread, samples/s) and per peer (samples/s, ratio, how)."""
    nets, trials = {}, collections.defaultdict(dict)
    for row in rows:
        if row["round"] < 0:
            speeds = trials[row["net"]]
            speeds[row["peer"]] = max(speeds.get(row["peer"], 0), row["samples_per_second"])
        else:
            nets.setdefault(row["net"], collections.defaultdict(dict))[row["peer"]][row["round"]] = row
    results = {}
    for net, peers in sorted(nets.items(), key=lambda item: list(networks.trainings).index(item[0])):
        ours, result = peers.get("gopcn", {}), {"peers": {}, "trials": trials[net]}
        if ours:
            shares = [r["ratio"] for r in ours.values()]
            result.update(share=statistics.median(shares), spread=max(shares) - min(shares),
                          speed=statistics.median(r["samples_per_second"] for r in ours.values()))
        for peer, theirs in peers.items():
            if peer == "gopcn":
                continue
            ratios = [ours[r]["samples_per_second"] / row["samples_per_second"] for r, row in theirs.items() if r in ours]
            any_row = next(iter(theirs.values()))
            result["peers"][peer] = {
                "speed": statistics.median(r["samples_per_second"] for r in theirs.values()),
                "ratio": statistics.median(ratios) if ratios else None, "low": min(ratios, default=None), "high": max(ratios, default=None),
                "how": " ".join([f"{any_row['threads']} thr."] + any_row["options"])}
        results[net] = result
    return results


def train_section(results):
    print("## Training steps\n\nBatch 128, the same algorithm, data loading excluded, both cores unless a peer was faster on one; samples/s are medians.\n"
          "share: of the two-core multiply-add peak over necessary work, the median of the rounds, and spread from the lowest to the\n"
          "highest. Each peer: its speed, how it ran, and ours over theirs as the median of the rounds (lowest to highest).\n")
    peers = ("torch", "jax", "pcx")
    print("| network | gopcn | share | spread |", " | ".join(peers), "| |\n|---|---|---|---|" + "---|" * (len(peers) + 1))
    for net, r in results.items():
        texts, lost = [], False
        for p in peers:
            q = r["peers"].get(p)
            if not q:
                tried = r["trials"].get(p)
                texts.append(f"{tried:.0f}, tried once" if tried else "")
                continue
            ratio = f"; {q['ratio']:.2f} x ({q['low']:.2f} to {q['high']:.2f})" if q["ratio"] else ""
            lost |= bool(q["ratio"]) and q["ratio"] < 1 - TIE
            texts.append(f"{q['speed']:.0f} ({q['how']}){ratio}")
        ours = [f"{r['speed']:.0f}", number(r["share"]), number(r["spread"])] if "speed" in r else ["not measured", "", ""]
        print("|", " | ".join([net] + ours + texts + ["**lost**" if lost else ""]), "|")
    print()


def check_section(checks):
    print("Before measuring, one step of each program is compared: the largest difference of a weight gradient, relative to the\n"
          "largest value of its tensor. Float32 loses digits in the lowest levels of deep networks, in every program alike.\n")
    print("| programs | network | median tensor | worst tensor | |\n|---|---|---|---|---|")
    for c in checks:
        print(f"| {c['check']} | {c['net']} | {c['median']:.1e} | {c['difference']:.1e} ({c['tensor']}) | {'' if c['ok'] else '**differs**'} |")
    print()


def versions(rows):
    found = collections.defaultdict(dict)
    for row in rows:
        if row.get("version"):
            found[row["peer"]][row["version"]] = True
    for peer, names in found.items():
        print(f"* {peer}: {', '.join(names)}")
    print()


def steady(rows):
    """Rows but those of rounds in which a neighbour took a tenth of the multiply-add
    peak or more: what waits for memory then seems fast."""
    def threads(row):
        return row.get("isa"), row.get("workers", 1)

    top = collections.defaultdict(float)
    for r in rows:
        top[threads(r)] = max(top[threads(r)], r.get("peak_gflops", 0))
    return [r for r in rows if r.get("peak_gflops", math.inf) > 0.9 * top[threads(r)]]


def runs(what, rows):
    """When and where rows were taken."""
    for run in (r["run"] for r in rows if "run" in r):
        print(f"* {run['nets'].replace(',', ', ') or what}: {run['cpu']}, {run['cores']} cores, {run['date']}, {run['rounds']} rounds"
              f"{', a quick run' if run['quick'] else ''}, load before the run {run['load']}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder", type=pathlib.Path)
    a = p.parse_args()
    kernels, training, checks = (read(a.folder / (n + ".jsonl")) for n in ("gemm", "train", "checks"))
    print(f"# Measured against others\n\nWritten by `bench/peers/run.sh`; the raw rows are in [{a.folder.name}/]({a.folder.name}/). Shares are ratios to bursts of\n"
          "multiply-adds in the same fraction of a millisecond, the best round of each, but for rounds in which a neighbour took a\n"
          "tenth of that peak; `bench/peers/README.md` says how.\n")
    runs("products, layers and convolutions", kernels)
    runs("training steps", training)
    kernels, training = ([r for r in rows if "run" not in r] for rows in (kernels, training))
    kernels = steady(kernels)
    gemm, fused, conv = (cells(kernels, k) for k in ("gemm", "fused", "conv"))
    results = train_results(training)
    isas = {r["isa"] for r in kernels + training if r.get("isa") and r["peer"] == "gopcn"}
    print(f"* gopcn: tier {', '.join(sorted(isas))}")
    versions(kernels + training)
    target_table(gemm, fused, conv, hot_shares(kernels), results, isas, limits_of(kernels))
    if gemm:
        gemm_section(gemm)
        fused_section(fused)
        conv_section(conv)
    if results:
        train_section(results)
        check_section(checks)


if __name__ == "__main__":
    main()
