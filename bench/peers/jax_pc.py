"""Predictive coding in JAX, one jitted function a batch.

The same algorithm and shortcuts as torch_pc.py. Gradients of a prediction come
from jax.vjp, of which XLA keeps what is used; images are NHWC, which XLA's CPU
convolutions want.
"""
import jax
import jax.numpy as jnp
import numpy as np
import optax

import networks

jax.config.update("jax_default_matmul_precision", "float32")


def forward_op(op, y, w):
    kind = op["op"]
    if kind == "dense":
        return y @ w[op["W"]] + w[op["b"]]
    if kind == "conv2d":
        pad = [(op["padding"],) * 2] * 2
        y = jax.lax.conv_general_dilated(y, w[op["W"]], (op["stride"],) * 2, pad, dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return y + w[op["b"]] if op["b"] else y
    if kind == "activation":
        return jnp.tanh(y) if op["fn"] == "tanh" else jax.nn.gelu(y, approximate=True)
    if kind == "maxpool2x2":
        # A maximum over a reshape: its gradient is far cheaper than that of a window.
        b, h, v, c = y.shape
        return y.reshape(b, h // 2, 2, v // 2, 2, c).max((2, 4))
    if kind == "flatten":
        return y.transpose(0, 3, 1, 2).reshape(y.shape[0], -1)
    if kind == "global_avg_pool":
        return y.mean((1, 2))
    raise ValueError(kind)


def predict(node, y, w):
    for op in node["ops"]:
        y = forward_op(op, y, w)
    return y


def weight_gradients(net, hyper, w, x, y):
    """Relaxes a batch: the gradients of all parameters, divided by the batch size."""
    nodes, levels, T = net["nodes"], net["levels"], hyper["T"]
    names = {n["name"]: i for i, n in enumerate(nodes)}
    sources = [tuple(names[s] for s in n["sources"] if s != "x") for n in nodes]
    p = networks.precision(hyper, levels)
    o = hyper["h_optimizer"]
    eta, m = o["lr"], o["momentum"]

    def input_of(i, h):
        return sum((h[k] for k in sources[i][1:]), h[sources[i][0]]) if sources[i] else x

    h, pulls = [], []
    for i, node in enumerate(nodes):
        u, back = jax.vjp(lambda s, q, node=node: predict(node, s, q), input_of(i, h), w)
        h.append(u)
        pulls.append(back)
    h0 = list(h)
    h[-1] = y
    v = [None] * len(h)
    for t in range(T):
        start = max(levels - 1 - t, 0)
        g = [None] * len(h)

        def add(i, d):
            g[i] = d if g[i] is None else g[i] + d

        for i, node in enumerate(nodes):
            if node["level"] < start:
                continue
            c = p[node["level"]][t] * node["weight"]
            if not sources[i] or t == levels - 1 - node["level"]:
                e, back = c * (h[i] - h0[i]), lambda e, i=i: pulls[i](e)[0]
            else:
                u, one = jax.vjp(lambda s, node=node: predict(node, s, w), input_of(i, h))
                e, back = c * (h[i] - u), lambda e, one=one: one(e)[0]
            add(i, e)
            if sources[i]:
                f = back(e)
                for k in sources[i]:
                    add(k, -f)
        for i in range(len(nodes) - 1):
            if g[i] is not None:
                v[i] = g[i] if v[i] is None else g[i] + m * v[i]
                h[i] = h[i] - eta * (g[i] + m * v[i] if o["nesterov"] else v[i])
    grads = jax.tree.map(jnp.zeros_like, w)
    for i, node in enumerate(nodes):
        own = {op[k]: w[op[k]] for op in node["ops"] for k in ("W", "b") if op.get(k)}
        if not own:
            continue
        if hyper["update"] == "settled" and sources[i]:
            u, back = jax.vjp(lambda q, i=i, node=node: predict(node, input_of(i, h), q), own)
            grads.update(back((u - h[i]) / x.shape[0])[0])
        else:
            one = pulls[i]((h0[i] - h[i]) / x.shape[0])[1]
            grads.update({k: one[k] for k in own})
    return grads


def to_jax(v):
    """Parameters and images in JAX's order: HWIO, [in, out], NHWC."""
    v = np.asarray(v, "f4")
    return jnp.asarray(v.transpose(2, 3, 1, 0) if v.ndim == 4 else v.T if v.ndim == 2 else v)


def image(x):
    x = np.asarray(x, "f4")
    return jnp.asarray(x.transpose(0, 2, 3, 1) if x.ndim == 4 else x)


def gradients(net, hyper, w, x, y):
    """The gradients of a batch under PyTorch's shapes, for checks."""
    grads = jax.jit(lambda w, x, y: weight_gradients(net, hyper, w, x, y))({k: to_jax(v) for k, v in w.items()}, image(x), jnp.asarray(y))
    back = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}
    return {k: np.asarray(g, "f8").transpose(back[g.ndim]) for k, g in grads.items()}


def trainer(net, hyper, w, x, y):
    """A function that makes a training step and waits for it."""
    o = hyper["w_optimizer"]
    rule = optax.adamw(o["lr"], o["b1"], o["b2"], o["eps"], weight_decay=o["weight_decay"])
    w, x, y = {k: to_jax(v) for k, v in w.items()}, image(x), jnp.asarray(y)
    state = rule.init(w)

    def step(w, state, x, y):
        updates, state = rule.update(weight_gradients(net, hyper, w, x, y), state, w)
        return optax.apply_updates(w, updates), state

    jitted = jax.jit(step, donate_argnums=(0, 1))

    def run():
        nonlocal w, state
        w, state = jitted(w, state, x, y)
        jax.block_until_ready(w)

    return run
