"""Checks the peers' training steps before their speed is compared.

    check.py golden FOLDER        PyTorch in float64 against golden vectors
    check.py dump FOLDER [NET..]  ours, as `bench -run train -dump FOLDER` wrote it,
                                  and PyTorch and JAX in float32, all against
                                  PyTorch in float64

Prints one JSON object a line with the largest difference of the weight
gradients, relative to the largest value of the tensor, for the worst tensor and
the median one. In deep networks with
forward updates the lowest errors are small differences of latents, so float32
leaves few digits there, in every program; the median tensor says more. Ours may
be as far from float64 as four times PyTorch's own float32, or 0.001.
"""
import json
import pathlib
import sys

import numpy as np
import torch

import jax_pc
import networks
import torch_pc

GOLDEN = ["mlp_tanh_pc_uniform", "deep_mlp_uniform_short_T", "deep_mlp_spiking_forward", "vgg_spiking_forward", "vgg_settled", "resnet_blocks"]


def compare(got, want):
    """Relative differences: the worst tensor's, its name and the median tensor's."""
    all_of_them = sorted((float(np.abs(got[k] - want[k]).max() / max(np.abs(want[k]).max(), 1e-12)), k) for k in want)
    return {"difference": all_of_them[-1][0], "tensor": all_of_them[-1][1], "median": all_of_them[len(all_of_them) // 2][0]}


def array(tensor):
    return np.array(tensor["data"]).reshape(tensor["shape"])


def torch_gradients(net, hyper, w, x, y, dtype=torch.float64):
    params = {k: torch.tensor(v, dtype=dtype) for k, v in w.items()}
    program = torch_pc.Net(net, hyper, params)
    with torch.no_grad():
        program.step(torch.tensor(x, dtype=dtype), torch.tensor(y, dtype=dtype))
    return {k: g.double().numpy() for k, g in program.grads.items()}


def golden(folder):
    for case in GOLDEN:
        data = json.loads((pathlib.Path(folder) / (case + ".json")).read_text())
        net = {"nodes": data["network"]["nodes"], "levels": data["network"]["num_levels"]}
        hyper = dict(data["hyper"], w_optimizer=networks.ADAMW)
        batch = data["batches"][0]
        w = {k: array(v) for k, v in data["params"].items()}
        got = torch_gradients(net, hyper, w, array(batch["x"]), array(batch["y"]))
        want = {k: array(v) for k, v in data["expected"]["first_batch"]["weight_grad"].items()}
        result = compare(got, want)
        yield dict(result, check="torch float64, golden", net=case, ok=result["difference"] <= 1e-9)


def read_dump(folder, name):
    header = json.loads((folder / (name + ".json")).read_text())
    values = np.fromfile(folder / (name + ".bin"), "<f4")
    at = 0

    def take(shape):
        nonlocal at
        n = int(np.prod(shape))
        at += n
        return values[at - n:at].reshape(shape)

    h, w, c = header["input"]
    x = take([networks.BATCH, h, w, c])
    x = x.reshape(networks.BATCH, c) if h * w == 1 else x.transpose(0, 3, 1, 2)
    before = [take(p["shape"]) for p in header["params"]]
    moments = [take(p["shape"]) for p in header["params"]]
    return x, np.eye(10, dtype="f4")[header["labels"]], before, moments


def dump(folder, wanted):
    folder = pathlib.Path(folder)
    for name in wanted or networks.trainings:
        if not (folder / (name + ".json")).exists():
            continue
        net, hyper = networks.training(name)
        x, y, before, moments = read_dump(folder, name)
        names = [p[0] for p in networks.params(net)]
        w = dict(zip(names, before))
        want = torch_gradients(net, hyper, w, x, y)
        ours = {k: m.astype("f8") / (1 - networks.ADAMW["b1"]) for k, m in zip(names, moments)}
        theirs = compare(torch_gradients(net, hyper, w, x, y, torch.float32), want)
        results = [("gopcn", compare(ours, want)), ("torch", theirs)]
        if not name.endswith("-1"):  # which JAX compiles for minutes
            results.append(("jax", compare(jax_pc.gradients(net, hyper, w, x, y), want)))
        for who, result in results:
            ok = all(result[k] <= max(1e-3, 4 * theirs[k]) for k in ("difference", "median"))
            yield dict(result, check=f"{who} float32, torch float64", net=name, ok=ok)


def main():
    rows = golden(sys.argv[2]) if sys.argv[1] == "golden" else dump(sys.argv[2], sys.argv[3:])
    bad = 0
    for row in rows:
        print(json.dumps(row), flush=True)
        bad += not row["ok"]
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
