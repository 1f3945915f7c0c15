"""Predictive coding in PyTorch, with gradients by hand.

The algorithm of package pcn, with the same shortcuts: no autograd tape, latents
in place, only levels that the error has reached (the wavefront), the first
level's prediction once a batch, and no prediction that equals its forward value.
"""
import types

import torch
import torch.nn.functional as F

import networks

aten = torch.ops.aten

# Value and gradient from the input; tanh, which takes its gradient from the
# value, stands apart. The golden vectors use the relus.
ACTIVATIONS = {
    "gelu": (lambda z: F.gelu(z, approximate="tanh"), lambda g, z: aten.gelu_backward(g, z, approximate="tanh")),
    "relu": (F.relu, lambda g, z: aten.threshold_backward(g, z, 0)),
    "leaky_relu": (F.leaky_relu, lambda g, z: aten.leaky_relu_backward(g, z, 0.01, False)),
}


def forward_op(op, y, w):
    """One op of a prediction: its value and what its gradient needs."""
    kind = op["op"]
    if kind == "dense":
        return torch.addmm(w[op["b"]], y, w[op["W"]].t()), y
    if kind == "conv2d":
        return F.conv2d(y, w[op["W"]], w[op["b"]] if op["b"] else None, op["stride"], op["padding"]), y
    if kind == "activation":
        if op["fn"] == "tanh":
            u = torch.tanh(y)
            return u, u
        return ACTIVATIONS[op["fn"]][0](y), y
    if kind == "maxpool2x2":
        u, where = aten.max_pool2d_with_indices(y, [2, 2], [2, 2])
        return u, (y, where)
    if kind == "flatten":
        return y.flatten(1), y.shape
    if kind == "global_avg_pool":
        return y.mean((2, 3)), y.shape
    raise ValueError(kind)


def backward_op(op, g, saved, w):
    """The gradient of an op's input."""
    kind = op["op"]
    if kind == "dense":
        return g @ w[op["W"]]
    if kind == "conv2d":
        return conv_backward(op, g, saved, w, [True, False, False])[0]
    if kind == "activation":
        if op["fn"] == "tanh":
            return aten.tanh_backward(g, saved)
        return ACTIVATIONS[op["fn"]][1](g, saved)
    if kind == "maxpool2x2":
        return aten.max_pool2d_with_indices_backward(g, saved[0], [2, 2], [2, 2], [0, 0], [1, 1], False, saved[1])
    if kind == "flatten":
        return g.reshape(saved)
    n = saved[2] * saved[3]
    return (g / n)[:, :, None, None].expand(saved)


def conv_backward(op, g, x, w, wanted):
    s, p = [op["stride"]] * 2, [op["padding"]] * 2
    bias = [g.shape[1]] if wanted[2] else None
    return aten.convolution_backward(g, x, w[op["W"]], bias, s, p, [1, 1], False, [0, 0], 1, wanted)


def predict(ops, y, w):
    saved = []
    for op in ops:
        y, s = forward_op(op, y, w)
        saved.append(s)
    return y, saved


def pull(ops, e, saved, w):
    """J^T e."""
    for op, s in zip(reversed(ops), reversed(saved)):
        e = backward_op(op, e, s, w)
    return e


def weight_gradients(ops, e, saved, w, grads):
    for op, s in zip(reversed(ops), reversed(saved)):
        if op["op"] == "dense":
            torch.mm(e.t(), s, out=grads[op["W"]])
            torch.sum(e, 0, out=grads[op["b"]])
            return
        if op["op"] == "conv2d":
            _, dw, db = conv_backward(op, e, s, w, [False, True, bool(op["b"])])
            grads[op["W"]].copy_(dw)
            if op["b"]:
                grads[op["b"]].copy_(db)
            return
        e = backward_op(op, e, s, w)


def error_and_feedback(ops, y, h, c, w):
    """The weighted error of a node whose sources moved, and its feedback."""
    u, saved = predict(ops, y, w)
    e = (h - u) * c
    return e, pull(ops, e, saved, w)


def compiled(function):
    """function compiled with a cache of its own: caches belong to code objects."""
    code = function.__code__.replace(co_name=function.__name__ + "_")
    return torch.compile(types.FunctionType(code, function.__globals__, function.__name__), dynamic=False)


class Net:
    """A network with parameters (name -> tensor), ready for training steps."""

    def __init__(self, net, hyper, w, use_compile=False):
        self.w, self.hyper, self.levels = w, hyper, net["levels"]
        names = {n["name"]: i for i, n in enumerate(net["nodes"])}
        self.nodes = net["nodes"]
        self.sources = [tuple(names[s] for s in n["sources"] if s != "x") for n in self.nodes]
        # Children of the same sources share their sum and add their feedback.
        self.groups = [[k for k in dict.fromkeys(self.sources) if i in k] for i in range(len(self.nodes))]
        self.p = networks.precision(hyper, self.levels)
        first = next(iter(w.values()))
        self.c = [[torch.tensor(q * n["weight"], dtype=first.dtype) for q in self.p[n["level"]]] for n in self.nodes]
        self.grads = {k: torch.zeros_like(v) for k, v in w.items()}
        for k, v in w.items():
            v.grad = self.grads[k]
        o = hyper["w_optimizer"]
        self.optimizer = torch.optim.AdamW(w.values(), lr=o["lr"], betas=(o["b1"], o["b2"]), eps=o["eps"],
                                           weight_decay=o["weight_decay"], fused=True)
        self.step_of = [error_and_feedback] * len(self.nodes)
        if use_compile:
            self.compile()

    def compile(self):
        torch._dynamo.config.cache_size_limit = 64
        known = {}
        for i, node in enumerate(self.nodes):
            key = str([{k: v for k, v in op.items() if k not in ("W", "b")} for op in node["ops"]])
            if key not in known:
                known[key] = compiled(error_and_feedback)
            # Parameters are handed over under names that equal nodes share.
            self.step_of[i] = self.renamed(node["ops"], known[key])

    @staticmethod
    def renamed(ops, function):
        same, names = [], {}
        for op in ops:
            op = dict(op)
            for k in ("W", "b"):
                if op.get(k):
                    names[k], op[k] = op[k], k
            same.append(op)
        return lambda _, y, h, c, w: function(same, y, h, c, {k: w[n] for k, n in names.items()})

    def sum(self, key, h):
        y = h[key[0]]
        for k in key[1:]:
            y = y + h[k]
        return y

    def step(self, x, y):
        """One batch. Returns the latents before the weights moved, for checks."""
        last, T = len(self.nodes) - 1, self.hyper["T"]
        h, saved = [], []
        sums = {}
        for i, node in enumerate(self.nodes):
            key = self.sources[i]
            if key not in sums:
                sums[key] = self.sum(key, h) if key else x
            u, s = predict(node["ops"], sums[key], self.w)
            h.append(u)
            saved.append(s)
        h0 = list(h)
        h[last] = y
        v = [None] * len(h)
        for t in range(T):
            self.relax(t, h, h0, saved, v)
        self.update(h, h0, saved, x.shape[0])
        return h

    def relax(self, t, h, h0, saved, v):
        start = max(self.levels - 1 - t, 0)
        own, feedback, sums = {}, {}, {}
        for i, node in enumerate(self.nodes):
            if node["level"] < start:
                continue
            key, c = self.sources[i], self.c[i][t]
            if not key:
                own[i] = (h[i] - h0[i]) * c
                continue
            if t == self.levels - 1 - node["level"]:  # the sources have not moved yet
                e = (h[i] - h0[i]) * c
                back = pull(node["ops"], e, saved[i], self.w)
            else:
                if key not in sums:
                    sums[key] = self.sum(key, h)
                e, back = self.step_of[i](node["ops"], sums[key], h[i], c, self.w)
            own[i] = e
            feedback[key] = back if key not in feedback else feedback[key] + back
        for i, node in enumerate(self.nodes[:-1]):
            if node["level"] >= start - 1:
                self.move(i, own.get(i), [feedback[k] for k in self.groups[i] if k in feedback], h, h0, v)

    def move(self, i, g, feedback, h, h0, v):
        o = self.hyper["h_optimizer"]
        eta, m = o["lr"], o["momentum"]
        for f in feedback:
            g = -f if g is None else g - f
        if h[i] is h0[i]:  # still the forward value, which is needed later
            h[i] = h0[i] - (eta * (1 + m) if o["nesterov"] else eta) * g
            v[i] = g
            return
        if m == 0:
            h[i].sub_(g, alpha=eta)
            return
        v[i] = v[i].mul_(m).add_(g)
        if o["nesterov"]:
            h[i].sub_(g, alpha=eta).sub_(v[i], alpha=eta * m)
        else:
            h[i].sub_(v[i], alpha=eta)

    def update(self, h, h0, saved, batch):
        for i, node in enumerate(self.nodes):
            if not any("W" in op for op in node["ops"]):
                continue
            u, s = h0[i], saved[i]
            if self.hyper["update"] == "settled" and self.sources[i]:
                u, s = predict(node["ops"], self.sum(self.sources[i], h), self.w)
            weight_gradients(node["ops"], (u - h[i]) / batch, s, self.w, self.grads)
        self.optimizer.step()
