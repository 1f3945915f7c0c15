"""Trains mlp4 with PCX, plain predictive coding: the protocol of train_peer.py.

    pcx_peer.py pcx mlp4 THREADS

PCX differentiates the whole energy at every step and has no wavefront; levels
that the error has not reached have no error, so the result is the same.
"""
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pcx
import pcx.functional as pxf
import pcx.nn as pxnn
import pcx.predictive_coding as pxc
import pcx.utils as pxu

import networks
from serve import serve

SAMPLES = pxu.M(pxc.VodeParam | pxc.VodeParam.Cache).to((None, 0))


class MLP(pxc.EnergyModule):
    def __init__(self, widths):
        super().__init__()
        self.layers = [pxnn.Linear(a, b) for a, b in zip(widths, widths[1:])]
        self.vodes = [pxc.Vode() for _ in self.layers]
        self.vodes[-1].h.frozen = True

    def __call__(self, x, y):
        for layer, vode in zip(self.layers[:-1], self.vodes[:-1]):
            x = vode(jax.nn.gelu(layer(x), approximate=True))
        self.vodes[-1](self.layers[-1](x))
        if y is not None:
            self.vodes[-1].set("h", y)
        return self.vodes[-1].get("u")


@pxf.vmap(SAMPLES, in_axes=(0, 0), out_axes=0)
def forward(x, y, *, model):
    return model(x, y)


@pxf.vmap(SAMPLES, in_axes=(0,), out_axes=(None, 0), axis_name="batch")
def energy(x, *, model):
    u = model(x, None)
    return jax.lax.psum(model.energy(), "batch"), u


@pxf.jit(static_argnums=0)
def train(steps, x, y, *, model, weights, latents):
    model.train()
    with pxu.step(model, pxc.STATUS.INIT, clear_params=pxc.VodeParam.Cache):
        forward(x, y, model=model)
    latents.init(pxu.M_hasnot(pxc.VodeParam, frozen=True)(model))
    for _ in range(steps):
        with pxu.step(model, clear_params=pxc.VodeParam.Cache):
            _, g = pxf.value_and_grad(pxu.M_hasnot(pxc.VodeParam, frozen=True).to([False, True]), has_aux=True)(energy)(x, model=model)
        latents.step(model, g["model"])
    latents.clear()
    with pxu.step(model, clear_params=pxc.VodeParam.Cache):
        _, g = pxf.value_and_grad(pxu.M(pxnn.LayerParam).to([False, True]), has_aux=True)(energy)(x, model=model)
    weights.step(model, g["model"], scale_by=1.0 / x.shape[0])


def main():
    _, hyper = networks.training("mlp4")
    o, h = hyper["w_optimizer"], hyper["h_optimizer"]
    model = MLP([784, 128, 128, 128, 10])
    r = np.random.default_rng(2)
    x = jnp.asarray(r.uniform(-1, 1, (networks.BATCH, 784)), "float32")
    y = jax.nn.one_hot(r.integers(0, 10, networks.BATCH), 10)
    with pxu.step(model, pxc.STATUS.INIT, clear_params=pxc.VodeParam.Cache):
        forward(x, y, model=model)
    latents = pxu.Optim(lambda: optax.sgd(h["lr"]))
    weights = pxu.Optim(lambda: optax.adamw(o["lr"], o["b1"], o["b2"], o["eps"], weight_decay=o["weight_decay"]), pxu.M(pxnn.LayerParam)(model))

    def step():
        train(hyper["T"], x, y, model=model, weights=weights, latents=latents)
        jax.block_until_ready(model.layers[0].nn.weight.get())

    serve(step, "0.6.3 jax " + jax.__version__)


if __name__ == "__main__":
    main()
