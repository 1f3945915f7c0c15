"""Training when told to, so that whole runs of several programs can alternate
without compiling anew."""
import json
import sys
import time

import networks


def timed(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def serve(step, version):
    """Prints a JSON line once warm. Then every line of input is a number of
    seconds to train for, answered by a JSON line with samples/s."""
    print(json.dumps({"version": version, "first_step": timed(step), "step": timed(step)}), flush=True)
    for line in sys.stdin:
        seconds, steps = float(line), 0
        step()  # caches and clocks as they are after the others' turn
        start = time.perf_counter()
        while steps == 0 or time.perf_counter() - start < seconds:
            step()
            steps += 1
        took = time.perf_counter() - start
        print(json.dumps({"samples_per_second": steps * networks.BATCH / took, "steps": steps}), flush=True)
