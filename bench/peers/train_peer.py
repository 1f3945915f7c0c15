"""Trains one network with PyTorch or JAX when told to.

    train_peer.py torch|jax NET THREADS [compile] [channels_last]

serve.py says when.
"""
import sys

import numpy as np

import networks
from serve import serve


def initial(net):
    r = np.random.default_rng(1)
    return {n: r.uniform(-1, 1, shape).astype("f4") / np.float32(fan ** 0.5) for n, shape, fan in networks.params(net)}


def torch_step(net, hyper, w, x, y, threads, options):
    import torch

    import torch_pc
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    layout = torch.channels_last if "channels_last" in options else torch.contiguous_format

    def tensor(v):
        v = torch.tensor(v)
        return v.contiguous(memory_format=layout) if v.dim() == 4 else v

    program = torch_pc.Net(net, hyper, {k: tensor(v) for k, v in w.items()}, "compile" in options)
    x, y = tensor(x), torch.tensor(y)
    return lambda: program.step(x, y), f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()}"


def jax_step(net, hyper, w, x, y, threads, options):
    import jax

    import jax_pc
    return jax_pc.trainer(net, hyper, w, x, y), jax.__version__


def main():
    peer, name, threads, options = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    net, hyper = networks.training(name)
    r = np.random.default_rng(2)
    x = r.uniform(-1, 1, [networks.BATCH] + net["input"]).astype("f4")
    y = np.eye(10, dtype="f4")[r.integers(0, 10, networks.BATCH)]
    step, version = {"torch": torch_step, "jax": jax_step}[peer](net, hyper, initial(net), x, y, threads, options)
    serve(step, version)


if __name__ == "__main__":
    main()
