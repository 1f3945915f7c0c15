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


def best_products(t, gemm):
    verdicts = [(*cell.verdict(), f"{shape} {op}") for (shape, op, _), cell in gemm.items() if shape not in ODD]
    verdicts = [v for v in verdicts if v[0]]
    won = sum("lost" not in v[1] for v in verdicts)
    t.row("matrix products", ">= best C library, each cell", f"{won} of {len(verdicts)} cells", worst([(v[0], v[2]) for v in verdicts])[1],
          won == len(verdicts) if verdicts else None)


def tier_of(peer):
    """What a row of a tier below our best begins with."""
    tier = peer.removeprefix("gopcn").strip()
    return tier and tier + ": "


def asked_unpacked(shape, op):
    return 0.92 if (shape, op) == ("64x64x64", "NT") else 0.95


def products(t, gemm, peer, scale, mix):
    """The shares of one of our tiers. Mix is the share of the peak that a product of
    ten columns can have on it if its vectors must be transposed, None if it was not
    measured."""
    tier = tier_of(peer)
    for packed in (True, False):
        shares = [(cell.who[peer, packed].ratio, 0.97 if packed else asked_unpacked(shape, op), f"{shape} {op}")
                  for (shape, op, _), cell in gemm.items() if min(sizes(shape)) >= 64]
        shares = [s for s in shares if s[0]]
        short = [f"{where} {share:.3f}" for share, asked, where in sorted(shares) if round(share, 3) < asked * scale]
        goal = f">= {0.97 * scale:.2f} of peak" if packed else f">= {0.95 * scale:.2f} of peak (NT 64^3 {0.92 * scale:.2f})"
        t.row(f"{tier}matrix products, min(M, N, K) >= 64, {'packed' if packed else 'unpacked'}", goal,
              f"{len(shares) - len(short)} of {len(shares)} cells" + ("; not " + ", ".join(short) if short else ""),
              reached=not short if shares else None)
    for shape, op, share in (("64x27x4096", "NN", 0.90), ("128x4096x10", "NN", 0.90), ("32x256x10", "NN", 0.82)):
        cell = gemm.get((shape, op, ""))
        ours = cell and cell.best((peer,))
        asked = share * scale
        goal, reached = f">= {asked:.2f} of peak (stated for Zen 4)", ours.ratio >= asked if ours else None
        if mix and shape.endswith("x10"):
            goal += f", or 0.9 of what transposing leaves on this CPU ({mix:.2f}): {0.9 * mix:.2f}"
            if reached is False and ours.ratio >= 0.9 * mix:
                reached = "reached, of what transposing leaves"
        best = cell and cell.verdict()[0]
        t.row(f"{tier}{shape} {op}", goal, f"{ours.ratio:.2f}" if ours else "", f"{best:.2f}" if best and not tier else "", reached)


def one_row(t, both):
    share = both["gemm"] / both["reading"] if both.get("gemm") and both.get("reading") else None
    t.row("1x512x512 NN, both cores", ">= 0.95 of reading B", f"{share:.2f}" if share else "", reached=share >= 0.95 if share else None)


def few_rows_of_nt(t, gemm):
    cell = gemm.get(("1x512x512", "NT", ""))
    ours = cell and cell.best(("gopcn",), packed=False)
    if ours:
        t.row("1x512x512 NT, plain", "a report: B must be transposed on its way to one row", f"{ours.ratio:.2f} of peak",
              f"{cell.verdict(packed=False)[0] or 0:.2f}", "report")


def activations(t, alone):
    asked = {"tanh": 0.3, "sigmoid": 0.3, "exp": 0.2, "gelu": 0.45}
    found = {name: alone[name] for name in asked if name in alone}
    t.row("activations, ns an element", ", ".join(f"{name} {ns}" for name, ns in asked.items()),
          ", ".join(f"{name} {ns:.2f}" for name, ns in found.items()), reached=all(ns <= asked[name] for name, ns in found.items()) if found else None)


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


def best_convolutions(t, conv):
    verdicts = [(*cell.verdict(("torch",)), f"{shape} {op}") for (shape, op, _), cell in conv.items()]
    # x is no node: with three input channels nothing goes back.
    verdicts = [v for v in verdicts if v[0] and not (v[2].startswith("3->") and v[2].endswith("feedback"))]
    won = sum("lost" not in v[1] for v in verdicts)
    t.row("convolutions", ">= oneDNN, each cell", f"{won} of {len(verdicts)} cells", worst([(v[0], v[2]) for v in verdicts])[1],
          won == len(verdicts) if verdicts else None)


def convolutions(t, conv, peer, scale):
    tier = tier_of(peer)
    groups = {"C >= 64": (0.90, []), "C >= 64, weights of 4x4": (0.85, []), "16 <= C < 64": (0.75, []), "3 channels": (0.70, [])}
    for (shape, op, _), cell in conv.items():
        channels, size = shape.split("@")
        c, ours = min(int(v) for v in channels.split("->")), cell.best((peer,))
        if not ours or (c == 3 and op == "feedback"):
            continue
        name = "3 channels" if c == 3 else "16 <= C < 64" if c < 64 else "C >= 64, weights of 4x4" if op == "weights" and size == "4" else "C >= 64"
        groups[name][1].append((ours.ratio, f"{shape} {op}"))
    for name, (share, values) in groups.items():
        value, text = worst(values)
        t.row(f"{tier}convolutions, {name}", f">= {share * scale:.2f} of peak", text, reached=value >= share * scale if value else None)


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


# What is asked of the AVX2 tier for products and convolutions, of the shares of
# AVX-512.
AVX2 = 0.93


def target_table(gemm, fused, conv, hot, results, isas, limits):
    t = Table()
    wide = "avx512" in isas
    scale, mix = 1 if wide else AVX2, limits["mix"]
    best_products(t, gemm)
    products(t, gemm, "gopcn", scale, mix.get("gopcn"))
    one_row(t, limits["one row"])
    few_rows_of_nt(t, gemm)
    hot_workers(t, hot)
    layers(t, fused, gemm)
    if wide:
        activations(t, limits["activations"])
    else:
        t.row("activations, ns an element (AVX-512)", "tanh, sigmoid 0.3, exp 0.2, gelu 0.45", reached="not measurable on this CPU")
        t.row("products and convolutions with AVX-512", "the shares above without the factor 0.93 of AVX2", reached="not measurable on this CPU")
    best_convolutions(t, conv)
    convolutions(t, conv, "gopcn", scale)
    if wide:
        products(t, gemm, "gopcn avx2", AVX2, mix.get("gopcn avx2"))
        convolutions(t, conv, "gopcn avx2", AVX2)
    training(t, results)
    print("\nShares asked of products and convolutions are "
          + ("those of AVX-512, and 0.93 times those of AVX2." if wide else "0.93 times those of AVX-512, which this CPU lacks."))
    print("[accuracy.md](accuracy.md) has the accuracy of activations over all inputs.\n")
