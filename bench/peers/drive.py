"""Runs ours and the peers in turn and writes what they print as JSON lines.

    drive.py gemm|train OUTPUT-FOLDER [--quick] [--nets LIST] --rounds N

run.sh sets the paths of the programs in the environment (PEERS_...). Rows get
the fields "round" and, if they are ours, "peer": "gopcn". A row {"run": ...} says
when and where those behind it were taken.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import threading

import networks

HERE = pathlib.Path(__file__).resolve().parent
ENV = os.environ

# PyTorch gives large blocks back to the system after every step unless malloc
# keeps them; then page faults dominate.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592", "MALLOC_TOP_PAD_": "268435456"}


# Our tier below AVX-512, measured too where there is AVX-512.
LOWER = "avx2"

# Our best tier, with the profile that tune found for this CPU if there is one.
OURS = ["-isa", ENV.get("PEERS_ISA", ""), "-profile", "auto"]

BOTH_CORES = ("gopcn hot", "gopcn one row")


def environment(threads, **more):
    n = str(threads)
    return dict(ENV, OMP_NUM_THREADS=n, OPENBLAS_NUM_THREADS=n, BLIS_NUM_THREADS=n, MKL_NUM_THREADS=n, **more)


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def python(program, *words):
    return [ENV["PEERS_PYTHON"], str(HERE / program), *map(str, words)]


def lines(command, env, text=""):
    """Runs a program to its end; the rows it printed."""
    done = subprocess.run(command, env=env, input=text, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        say("failed:", *command)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def core(threads):
    """One thread stays on the first core."""
    return ["taskset", "-c", "0"] if threads == 1 else []


def gemm(out, rounds, quick):
    text = (HERE.parent / "shapes.txt").read_text()
    shapes = [line for line in text.splitlines() if line and not line.startswith("#")]
    if quick:
        shapes = [s for s in shapes if s not in ("1024x1024x1024", "512x4608x64", "128x1152x1024")]
    text, seconds = "\n".join(shapes) + "\n", 0.01 if quick else 0.02
    bench = [ENV["PEERS_BENCH"], "-json", "-portable=false", "-rounds", "1", "-time", f"{seconds}s"]
    shaped = ["-shapes", ",".join(shapes)]
    contestants = {
        "gopcn": bench + OURS + shaped + ["-run", "gemm"],
        "gopcn fused": bench + OURS + shaped + ["-run", "fused"],
        "gopcn conv": bench + OURS + ["-run", "conv"],
        "gopcn hot": bench + OURS + shaped + ["-run", "hot"],
        "gopcn one row": bench + OURS + ["-run", "gemm", "-shapes", "1x512x512", "-workers", "2"],
        "gopcn activation": bench + OURS + ["-run", "activation"],
        "gonum": [ENV["PEERS_GONUM"], "-time", f"{seconds}s"],
        "onednn matmul": [ENV["PEERS_MATMUL"], seconds],
        "torch": python("kernels_peer.py", "torch", "gemm", seconds),
        "torch conv": python("kernels_peer.py", "torch", "conv", seconds),
        "jax": python("kernels_peer.py", "jax", "gemm", seconds),
    }
    if ENV["PEERS_ISA"] != LOWER:
        contestants[LOWER] = bench + shaped + ["-isa", LOWER, "-run", "gemm,conv"]
    for library in ENV["PEERS_BLAS_LIBRARIES"].split(";"):
        kind, path = library.split("=")
        contestants[library] = [ENV["PEERS_BLAS"], kind, path, seconds]
    for round in range(rounds):
        for name, command in contestants.items():
            say(f"round {round + 1} of {rounds}: {name}")
            env = environment(1, **KEEP_MEMORY)
            if "onednn" in name:  # libraries beside it are its own
                env["LD_LIBRARY_PATH"] = str(pathlib.Path(name.split("=")[-1]).parent) if "=" in name else ENV["PEERS_ONEDNN"]
            for row in lines(core(2 if name in BOTH_CORES else 1) + [str(w) for w in command], env, text):
                row.setdefault("peer", "gopcn " + LOWER if name == LOWER else "gopcn")
                out.write(json.dumps(dict(row, round=round)) + "\n")
        out.flush()


class Server:
    """A peer's program that trains one network when told to."""

    def __init__(self, peer, net, threads, *options, patience):
        self.peer, self.threads, self.options = peer, threads, options
        interpreter = ENV["PEERS_PCX_PYTHON"] if peer == "pcx" else ENV["PEERS_PYTHON"]
        program = "pcx_peer.py" if peer == "pcx" else "train_peer.py"
        self.process = subprocess.Popen(
            core(threads) + [interpreter, str(HERE / program), peer, net, str(threads), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(threads, **KEEP_MEMORY))
        # Compiling a deep network may take longer than it is worth.
        timer = threading.Timer(patience, self.process.kill)
        timer.start()
        self.ready = self.read()
        timer.cancel()

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        return None

    def run(self, seconds):
        try:
            self.process.stdin.write(f"{seconds}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __str__(self):
        return " ".join([self.peer, f"{self.threads} thread(s)", *self.options])


def variants(net, quick):
    """The ways in which each peer is tried; the fastest competes."""
    cpus = len(os.sched_getaffinity(0))
    counts = range(1, min(2, cpus) + 1)
    image = not net.startswith("mlp")
    if net.endswith("-1"):  # a step takes seconds: all cores
        counts = [max(counts)]
    elif quick:
        counts = [max(counts)] if image else [1]
    for threads in counts:
        yield "jax", threads
        if image:
            yield "torch", threads, "channels_last"
            if not quick and threads == max(counts):
                yield "torch", threads
                yield "torch", threads, "channels_last", "compile"
        else:
            yield "torch", threads
            if not quick:
                yield "torch", threads, "compile"
        if net == "mlp4" and ENV.get("PEERS_PCX_PYTHON"):
            yield "pcx", threads


def fastest(net, quick, out):
    """Tries all variants and keeps the best server of each peer, but of peers that
    are three times as slow as another only the trial."""
    best = {}
    for variant in variants(net, quick):
        peer, threads, *options = variant
        server = Server(peer, net, threads, *options, patience=90 if quick else 300)
        result = server.ready and trial(server)
        say(f"{net}: {server}:", f"{result['samples_per_second']:.0f} samples/s" if result else "failed")
        if not result:
            server.close()
            continue
        out.write(json.dumps(row_of(server, net, result, -1)) + "\n")
        rate = result["samples_per_second"]
        if peer not in best or rate > best[peer][0]:
            if peer in best:
                best[peer][1].close()
            best[peer] = rate, server
        else:
            server.close()
    enough = max((rate for rate, _ in best.values()), default=0) / 3
    for rate, server in best.values():
        if rate < enough:
            server.close()
    return [server for rate, server in best.values() if rate >= enough]


def trial(server):
    """The best of a few runs: the first ones of a thread pool may be slow. Steps
    that take seconds are tried once."""
    result = server.run(0.1)
    for _ in range(3):
        if result and result["samples_per_second"] > networks.BATCH:
            result = max(result, server.run(0.3) or result, key=lambda r: r["samples_per_second"])
    return result


def row_of(server, net, result, round):
    return dict(result, kernel="train", net=net, peer=server.peer, threads=server.threads, options=list(server.options),
                version=server.ready["version"], first_step=server.ready["first_step"], round=round)


def train(out, rounds, quick, nets):
    seconds = 0.2 if quick else 1.0
    for net in nets:
        servers = fastest(net, quick, out)
        for round in range(rounds):
            for row in lines([ENV["PEERS_BENCH"], *OURS, "-run", "train", "-json", "-portable=false", "-net", net, "-rounds", "1", "-time", f"{seconds}s"], dict(ENV)):
                if row["kernel"] == "train":  # and not the limits of the machine
                    out.write(json.dumps(dict(row, net=net, peer="gopcn", round=round)) + "\n")
            for server in servers:
                result = server.run(seconds)
                if result:
                    out.write(json.dumps(row_of(server, net, result, round)) + "\n")
        for server in servers:
            server.close()
        out.flush()
        say(f"{net}: done")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=("gemm", "train"))
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--quick", action="store_true")
    p.add_argument("--rounds", type=int, required=True)
    p.add_argument("--nets", default="")
    a = p.parse_args()
    nets = [n for n in a.nets.split(",") if n] or [n for n in networks.trainings if not a.quick or n != "vgg9-1"]
    unknown = set(nets) - set(networks.trainings)
    if unknown:
        p.error(f"--nets: {', '.join(sorted(unknown))}: choose from {', '.join(networks.trainings)}")
    a.folder.mkdir(parents=True, exist_ok=True)
    path = a.folder / (a.what + ".jsonl")
    kept = path.read_text().splitlines(True) if a.nets and path.exists() else []
    run = {"date": str(datetime.date.today()), "cpu": ENV.get("CPU_MODEL", "unknown CPU"), "cores": len(os.sched_getaffinity(0)),
           "load": round(os.getloadavg()[0], 1), "rounds": a.rounds, "quick": a.quick, "nets": a.nets}
    with open(path, "w") as out:
        out.writelines(line for line in kept if json.loads(line).get("net") not in nets)
        out.write(json.dumps({"run": run}) + "\n")
        if a.what == "gemm":
            gemm(out, a.rounds, a.quick)
        else:
            train(out, a.rounds, a.quick, nets)


if __name__ == "__main__":
    main()
