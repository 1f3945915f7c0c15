"""The networks that training is measured on, as data.

A network is {"nodes": [...], "levels": N}. A node has the fields of the golden
vectors in pcn/testdata/golden: name, level, weight, sources (names, or "x") and
ops (names of W and b in the parameters). trainings holds what bench/train.go
measures too; params says the shapes in the order in which both programs list
their parameters.
"""

BATCH = 128


def mlp(widths, act):
    nodes, source = [], "x"
    for i in range(len(widths) - 1):
        last = i == len(widths) - 2
        name = "out" if last else f"n{i}"
        ops = [{"op": "dense", "W": name + ".W", "b": name + ".b", "in": widths[i], "out": widths[i + 1]}]
        if not last:
            ops.append({"op": "activation", "fn": act})
        nodes.append({"name": name, "level": i, "weight": 1.0, "sources": [source], "ops": ops})
        source = name
    return {"nodes": nodes, "levels": len(nodes), "input": [widths[0]]}


def conv(name, cin, cout, k=3, stride=1, padding=1, bias=True):
    return {"op": "conv2d", "W": name + ".W", "b": name + ".b" if bias else None, "in": cin, "out": cout,
            "kernel": k, "stride": stride, "padding": padding}


def scaled(channels, width):
    return max(1, int(width * channels + 0.5))


def vgg(layers, width, act):
    nodes, source, channels, size = [], "x", 3, 32
    words = layers.split()
    for i, word in enumerate(words):
        if word == "M":
            continue
        name, out = f"n{len(nodes)}", scaled(int(word), width)
        ops = [conv(name, channels, out), {"op": "activation", "fn": act}]
        if words[i + 1:i + 2] == ["M"]:
            ops.append({"op": "maxpool2x2"})
            size //= 2
        nodes.append({"name": name, "level": len(nodes), "weight": 1.0, "sources": [source], "ops": ops})
        source, channels = name, out
    ops = [{"op": "flatten"}, {"op": "dense", "W": "out.W", "b": "out.b", "in": channels * size * size, "out": 10}]
    nodes.append({"name": "out", "level": len(nodes), "weight": 1.0, "sources": [source], "ops": ops})
    return {"nodes": nodes, "levels": len(nodes), "input": [3, 32, 32]}


def resnet(blocks, width, act, eta):
    """Basic blocks with auxiliary nodes on every skip path."""
    channels = scaled(64, width)
    nodes = [{"name": "n0", "level": 0, "weight": 1.0, "sources": ["x"], "ops": [conv("n0", 3, channels, bias=False)]}]
    sources, level, k = ["n0"], 1, 0

    def add(name, level, sources, ops, weight=1.0):
        nodes.append({"name": name, "level": level, "weight": weight, "sources": sources, "ops": ops})

    for stage, count in enumerate(blocks):
        out = scaled(64 << stage, width)
        for b in range(count):
            stride = 2 if stage > 0 and b == 0 else 1
            f, name = {"op": "activation", "fn": act}, f"block{k}"
            down = stride != 1 or out != channels
            add(name + ".a", level, sources, [f, conv(name + ".a", channels, out, stride=stride, bias=False)])
            add(name + ".s1", level, sources,
                [conv(name + ".s1", channels, out, 1, stride, 0, bias=False)] if down else [], 1.0 if down else 1 / eta)
            add(name + ".c", level + 1, [name + ".a"], [f, conv(name + ".c", out, out, bias=False)])
            add(name + ".s2", level + 1, [name + ".s1"], [], 1 / eta)
            sources, level, k, channels = [name + ".c", name + ".s2"], level + 2, k + 1, out
    add("out", level, sources, [{"op": "activation", "fn": act}, {"op": "global_avg_pool"},
                                {"op": "dense", "W": "out.W", "b": "out.b", "in": channels, "out": 10}])
    return {"nodes": nodes, "levels": level + 1, "input": [3, 32, 32]}


SFU = {"precision": {"kind": "spiking", "alpha": 0.001}, "update": "forward",
       "h_optimizer": {"lr": 0.8, "momentum": 0.1, "nesterov": True}}
PC = {"precision": {"kind": "uniform"}, "update": "settled",
      "h_optimizer": {"lr": 0.1, "momentum": 0.0, "nesterov": True}}
ADAMW = {"lr": 1e-3, "b1": 0.9, "b2": 0.999, "eps": 1e-8, "weight_decay": 1e-4}
VGG5, VGG9 = "128 M 256 M 512 M 512 M", "64 M 128 128 M 256 256 M 512 512 M 512"

trainings = {
    "mlp4": (lambda: mlp([784] + 3 * [128] + [10], "gelu"), PC, 5),
    "mlp17": (lambda: mlp([784] + 16 * [128] + [10], "tanh"), SFU, 17),
    "vgg5-0.25": (lambda: vgg(VGG5, 0.25, "gelu"), SFU, 7),
    "vgg9-0.25": (lambda: vgg(VGG9, 0.25, "gelu"), SFU, 11),
    "resnet18-0.25": (lambda: resnet([2, 2, 2, 2], 0.25, "gelu", 0.8), SFU, 18),
    "vgg5-1": (lambda: vgg(VGG5, 1, "gelu"), SFU, 7),
    "vgg9-1": (lambda: vgg(VGG9, 1, "gelu"), SFU, 11),
}


def training(name):
    """The network and its hyper-parameters, in the form of the golden vectors."""
    make, rule, steps = trainings[name]
    return make(), dict(rule, T=steps, w_optimizer=ADAMW)


def params(net):
    """Names, shapes ([out, in], [out, in, kh, kw]) and fan-in of all parameters."""
    for node in net["nodes"]:
        for op in node["ops"]:
            if "W" not in op:
                continue
            k = [op["kernel"]] * 2 if op["op"] == "conv2d" else []
            fan = op["in"] * (op["kernel"] ** 2 if k else 1)
            yield op["W"], [op["out"], op["in"]] + k, fan
            if op["b"]:
                yield op["b"], [op["out"]], fan


def precision(hyper, levels):
    """p[level][t]."""
    kind, T = hyper["precision"], hyper["T"]
    if kind["kind"] == "uniform":
        return [[1.0] * T for _ in range(levels)]
    if kind["kind"] == "spiking":
        return [[1.0 if t == levels - 1 - l else kind["alpha"] for t in range(T)] for l in range(levels)]
    raise ValueError(f"precision {kind['kind']} is not measured here")
