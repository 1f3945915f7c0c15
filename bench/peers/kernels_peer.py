"""Matrix products, fused layers and convolutions of PyTorch or JAX, one thread.

    kernels_peer.py torch|jax gemm|conv SECONDS < shapes

One JSON object a line: a round of each shape, measured by paired bursts as
burst.c measures C libraries. Pin the process to one core: JAX computes in a
thread of its own, which the bursts must share a core with. A call from Python
takes microseconds, and that is what a user of small products gets.
"""
import ctypes
import json
import os
import sys

import numpy as np

OPS = ("NN", "NT", "TN")


class Figure(ctypes.Structure):
    _fields_ = [(n, ctypes.c_double) for n in ("ratio", "gflops", "peak_gflops")] + [(n, ctypes.c_int) for n in ("pairs_kept", "pairs")]


CALL = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
library = ctypes.CDLL(os.environ["PEERS_BURST"])
library.measure.restype = Figure
library.measure.argtypes = [CALL, ctypes.c_void_p, ctypes.c_double, ctypes.c_double]


def void(call):
    call()


def measure(call, flops, seconds, **row):
    figure = library.measure(CALL(lambda _: void(call)), None, flops, seconds)
    row.update((n, getattr(figure, n)) for n, _ in Figure._fields_)
    print(json.dumps(row), flush=True)


def operands(m, k, n, op):
    r = np.random.default_rng(1)
    a, b = r.random((k, m) if op == "TN" else (m, k), "f4") - 0.5, r.random((n, k) if op == "NT" else (k, n), "f4") - 0.5
    return a, b


def with_torch(what, seconds):
    import torch
    import torch.nn.functional as F
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    row = {"peer": "torch", "version": f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()}"}
    if what == "conv":
        return torch_convolutions(torch, row, seconds)
    acts = {"relu": F.relu_, "tanh": torch.tanh_, "gelu": lambda z: F.gelu(z, approximate="tanh")}
    for m, k, n in shapes():
        common = dict(row, shape=f"{m}x{k}x{n}")
        c = torch.empty(m, n)
        for op in OPS:
            a, b = (torch.tensor(v) for v in operands(m, k, n, op))
            a, b = a.t() if op == "TN" else a, b.t() if op == "NT" else b
            measure(lambda: torch.mm(a, b, out=c), 2 * m * k * n, seconds, kernel="gemm", op=op, **common)
        x, w = (torch.tensor(v) for v in operands(m, k, n, "NT"))
        bias = torch.zeros(n)
        for act, f in acts.items():
            measure(lambda: f(F.linear(x, w, bias)), 2 * m * k * n, seconds, kernel="fused", op="NT", packed=False, act=act, **common)


def torch_convolutions(torch, row, seconds):
    """oneDNN by way of PyTorch; the shapes and the batch of bench/conv.go."""
    backward, batch = torch.ops.aten.convolution_backward, 16
    for cin, cout, size in ((128, 256, 16), (256, 512, 8), (512, 512, 4), (3, 128, 32), (64, 64, 16),
                            (32, 64, 16), (64, 128, 8), (128, 128, 4), (16, 32, 16), (3, 32, 32)):
        taps = (3 * size - 2) ** 2  # inside the image
        flops = 2 * taps * cin * cout * batch
        for layout in ("contiguous_format", "channels_last"):
            f = getattr(torch, layout)
            x, w, g = (torch.randn(s).contiguous(memory_format=f)
                       for s in ((batch, cin, size, size), (cout, cin, 3, 3), (batch, cout, size, size)))

            def gradient(wanted):
                return lambda: backward(g, x, w, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, wanted)

            for op, call in (("predict", lambda: torch.conv2d(x, w, None, 1, 1)), ("feedback", gradient([True, False, False])),
                             ("weights", gradient([False, True, False]))):
                measure(call, flops, seconds, kernel="conv", op=op, shape=f"{cin}->{cout}@{size}", layout=layout, **row)


def with_jax(what, seconds):
    import jax
    import jax.numpy as jnp
    if what == "conv":
        return
    row = {"peer": "jax", "version": jax.__version__}
    products = {"NN": lambda a, b: a @ b, "NT": lambda a, b: a @ b.T, "TN": lambda a, b: a.T @ b}
    acts = {"relu": jax.nn.relu, "tanh": jnp.tanh, "gelu": lambda z: jax.nn.gelu(z, approximate=True)}
    for m, k, n in shapes():
        common = dict(row, shape=f"{m}x{k}x{n}")
        for op in OPS:
            f = jax.jit(products[op])
            a, b = (jnp.asarray(v) for v in operands(m, k, n, op))
            measure(lambda: f(a, b).block_until_ready(), 2 * m * k * n, seconds, kernel="gemm", op=op, **common)
        x, w = (jnp.asarray(v) for v in operands(m, k, n, "NT"))
        bias = jnp.zeros(n)
        for act, g in acts.items():
            f = jax.jit(lambda x, w, bias: g(x @ w.T + bias))
            measure(lambda: f(x, w, bias).block_until_ready(), 2 * m * k * n, seconds, kernel="fused", op="NT", packed=False, act=act, **common)


def shapes():
    for line in sys.stdin:
        yield [int(v) for v in line.split("x")]


if __name__ == "__main__":
    {"torch": with_torch, "jax": with_jax}[sys.argv[1]](sys.argv[2], float(sys.argv[3]))
