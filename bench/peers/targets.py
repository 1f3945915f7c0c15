"""The project's targets, judged by what was measured."""

ODD = ("64x27x4096", "128x4096x10", "32x256x10", "1x512x512")
TRAIN = {  # share of the peak over necessary work, ratio to the fastest peer
    "mlp4": (0.72, 4), "mlp17": (None, 4), "vgg5-0.25": (0.75, 2), "vgg9-0.25": (0.75, 2), "resnet18-0.25": (0.50, 2),
    "vgg5-1": (0.80, 1.1), "vgg9-1": (0.80, None)}


class Table:
    def __init__(self):
        print("## Targets\n\n| what | target | measured | ratio to the best peer | |\n|---|---|---|---|---|")

    def row(self, what, target, measured="", ratio="", reached=None):
        word = {True: "reached", False: "**not reached**", None: "not measured"}.get(reached, reached)
        print(f"| {what} | {target} | {measured} | {ratio} | {word} |")


def sizes(shape):
    return [int(v) for v in shape.split("x")]


def worst(values):
    """The lowest of (value, where) pairs, as text, and its value."""
    values = [v for v in values if v[0]]
    if not values:
        return None, ""
    value, where = min(values)
    return value, f"lowest {value:.2f} ({where})"


def products(t, gemm, scale, mix):
    """Mix is the share of the peak that a product of ten columns can have on this CPU
    if its vectors must be transposed, None if it was not measured."""
    verdicts = [(*cell.verdict(), f"{shape} {op}") for (shape, op, _), cell in gemm.items() if shape not in ODD]
    verdicts = [v for v in verdicts if v[0]]
    won = sum("lost" not in v[1] for v in verdicts)
    t.row("matrix products", ">= best C library, each cell", f"{won} of {len(verdicts)} cells", worst([(v[0], v[2]) for v in verdicts])[1],
          won == len(verdicts) if verdicts else None)
    for packed, share in ((True, 0.97), (False, 0.95)):
        value, text = worst([(cell.who["gopcn", packed].ratio, f"{shape} {op}") for (shape, op, _), cell in gemm.items() if min(sizes(shape)) >= 64])
        t.row(f"matrix products, min(M, N, K) >= 64, {'packed' if packed else 'unpacked'}", f">= {share * scale:.2f} of peak", text,
              reached=value >= share * scale if value else None)
    for shape, op, share in (("64x27x4096", "NN", 0.90), ("128x4096x10", "NN", 0.90), ("32x256x10", "NN", 0.82), ("1x512x512", "NN", None)):
        cell = gemm.get((shape, op, ""))
        ours = cell and cell.best(("gopcn",))
        goal, asked = ">= 0.95 of reading B, both cores", share and share * scale
        if share:
            goal = f">= {asked:.2f} of peak (stated for Zen 4)"
        if mix and shape.endswith("x10") and 0.9 * mix < asked:
            asked = 0.9 * mix
            goal = f">= {asked:.2f} of peak, 0.9 of what transposing leaves on this CPU ({mix:.2f})"
        t.row(f"{shape} {op}", goal, f"{ours.ratio:.2f}" if ours else "", f"{cell.verdict()[0] or 0:.2f}" if ours else "",
              ours.ratio >= asked if ours and share else None)


def hot_workers(t, hot):
    kept = []
    for shape, by_workers in hot.items():
        one, all_workers = by_workers.get(1), by_workers[max(by_workers)]
        if one and one.ratio and max(by_workers) > 1 and all_workers.ratio:
            kept.append((all_workers.ratio / one.ratio, shape))
    value, text = worst(kept)
    t.row("two hot workers", ">= 0.95 of one worker's share, from 128x128x128 on", text, reached=value >= 0.95 if value else None)


def layers(t, fused, gemm):
    for shape, act, goal in (("32x32x32", "relu", 1.2), ("32x32x32", "tanh", 1.2), ("64x64x64", "relu", 1.0), ("64x64x64", "tanh", 1.1)):
        cell = fused.get((shape, "NT", act))
        ratio = cell and cell.verdict(("onednn matmul",))[0]
        t.row(f"fused {act}, {shape}", f">= {goal} x oneDNN", "", f"{ratio:.2f}" if ratio else "", ratio >= goal - 0.01 if ratio else None)
    above = [(cell.verdict(("onednn matmul",)), f"{shape} {act}") for (shape, _, act), cell in fused.items() if min(sizes(shape)) > 64]
    value, text = worst([(v[0], where) for v, where in above])
    t.row("fused, above", ">= 1 x oneDNN", "", text, all("lost" not in v[1] for v, _ in above) if value else None)
    costs = []
    for (shape, op, act), cell in fused.items():
        m, k, n = sizes(shape)
        base = gemm.get((shape, "NT", ""))
        if act != "tanh" or min(m, n, k) < 32 or not base or not cell.best(("gopcn",)):
            continue
        ours, alone = cell.best(("gopcn",)), base.who["gopcn", True]
        if alone.ratio:
            costs.append((2 * k * (1 / ours.ratio - 1 / alone.ratio) / ours.peak, shape))
    cost = max(costs, default=(None, ""))
    t.row("tanh adds", "<= 0.25 ns an element (with AVX-512)", f"{cost[0]:.2f} ns at most ({cost[1]})" if cost[0] is not None else "", reached="report")


def convolutions(t, conv, scale):
    verdicts = [(*cell.verdict(("torch",)), f"{shape} {op}") for (shape, op, _), cell in conv.items()]
    # x is no node: with three input channels nothing goes back.
    verdicts = [v for v in verdicts if v[0] and not (v[2].startswith("3->") and v[2].endswith("feedback"))]
    won = sum("lost" not in v[1] for v in verdicts)
    t.row("convolutions", ">= oneDNN, each cell", f"{won} of {len(verdicts)} cells", worst([(v[0], v[2]) for v in verdicts])[1],
          won == len(verdicts) if verdicts else None)
    groups = {"C >= 64": (0.90, []), "C >= 64, weights of 4x4": (0.85, []), "16 <= C < 64": (0.75, []), "3 channels": (0.70, [])}
    for (shape, op, _), cell in conv.items():
        channels, size = shape.split("@")
        c, ours = min(int(v) for v in channels.split("->")), cell.best(("gopcn",))
        if not ours or (c == 3 and op == "feedback"):
            continue
        name = "3 channels" if c == 3 else "16 <= C < 64" if c < 64 else "C >= 64, weights of 4x4" if op == "weights" and size == "4" else "C >= 64"
        groups[name][1].append((ours.ratio, f"{shape} {op}"))
    for name, (share, values) in groups.items():
        value, text = worst(values)
        t.row(f"convolutions, {name}", f">= {share * scale:.2f} of peak", text, reached=value >= share * scale if value else None)


def training(t, results):
    for net, (share, times) in TRAIN.items():
        r = results.get(net, {"peers": {}})
        ratios = [(q["ratio"], p) for p, q in r["peers"].items() if q["ratio"] and p != "pcx"]
        ratio, peer = min(ratios, default=(None, ""))
        ours = r.get("share")
        goals, reached = [], None
        if share:
            goals.append(f">= {share:.2f} of peak")
        if times:
            goals.append(f">= {times} x the faster of PyTorch and JAX")
        if ours:
            good_share = share is None or ours >= share
            # A ratio that asks for more than the share gives way to the share.
            good_ratio = times is None or bool(ratio) and ratio >= times
            asks = times / ratio * ours if ratio and times and not good_ratio else 0
            gives_way = bool(share) and asks > share
            reached = good_share and (good_ratio or gives_way)
            if gives_way:
                goals[-1] += f" (asks for {asks:.2f} of peak: the share stands instead)"
            elif asks > 1:
                goals[-1] += f" (asks for {asks:.2f} of peak)"
                reached = "out of reach"
        t.row(f"training step, {net}", ", ".join(goals), f"{ours:.2f} of peak" if ours else "", f"{ratio:.2f} ({peer})" if ratio else "", reached)


def target_table(gemm, fused, conv, hot, results, isas, mix):
    t = Table()
    # What is asked of the AVX2 tier for products and convolutions.
    scale = 1 if "avx512" in isas else 0.93
    products(t, gemm, scale, mix)
    hot_workers(t, hot)
    layers(t, fused, gemm)
    if "avx512" in isas:
        t.row("activations, ns an element", "tanh, sigmoid 0.3, exp 0.2, gelu 0.45")
    else:
        t.row("activations, ns an element (AVX-512)", "tanh, sigmoid 0.3, exp 0.2, gelu 0.45", reached="not measurable on this CPU")
        t.row("products and convolutions with AVX-512", "the shares above without the factor 0.93 of AVX2", reached="not measurable on this CPU")
    convolutions(t, conv, scale)
    training(t, results)
    print("\nShares asked of products and convolutions are "
          + ("those of AVX-512.\n" if scale == 1 else "0.93 times those of AVX-512, which this CPU lacks.\n"))
