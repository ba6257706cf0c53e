"""What the edge adds to the time of an answer at half of its load, beside nginx: a fixed rate over kept HTTP/1.1 connections, and the same rate
straight to the instance as the measure of nothing in between. Every answer's time is taken from when its request was sent.
"""
import os
from statistics import median, quantiles

from per_request import Nginx, Proxy, origin_of
from table import ratio, spread
from under_test import run

ROUNDS = 7
CLIENTS = 16
SECONDS = 3
LOAD = 0.5


def measure(table, platform, folder, kept):
    origin, url = origin_of(platform), kept["ServiceUrl"]
    with Nginx(folder / "nginx-latency", origin) as nginx:
        edge = Proxy("edge", [], int(url.rsplit(":", 1)[1]))
        targets = {
            "edge": [f"--connect-to=127.0.0.1:{edge.port}", f"https://{url}/"],
            "nginx": [f"--connect-to=127.0.0.1:{nginx.port}", f"https://{url}/"],
            "direct": [f"http://{origin}/"],
        }
        # Half of what the slower of the two carries, for all of them.
        most = min(edge.calibrate(url, ["--h1", "-c", "32"]), nginx.proxy().calibrate(url, ["--h1", "-c", "32"])) / 2
        rate = most * LOAD
        seen = {name: [] for name in targets}
        for n in range(ROUNDS):
            for name in list(targets)[n % 3:] + list(targets)[: n % 3]:
                seen[name].append(times(folder / f"times-{name}-{n}", targets[name], rate))
    p50 = {name: [median(one) for one in rounds] for name, rounds in seen.items()}
    p99 = {name: [quantiles(one, n=100)[98] for one in rounds] for name, rounds in seen.items()}
    what = f"at half load ({rate:.0f}/s)"
    added = {name: [a - b for a, b in zip(p50[name], p50["direct"])] for name in ("edge", "nginx")}
    table.row(f"latency added to a request, p50, {what}", spread(added["edge"], "µs", 0), spread(added["nginx"], "µs", 0), "", ROUNDS)
    table.row(f"latency of a request, p99, {what}", spread(p99["edge"], "µs", 0), spread(p99["nginx"], "µs", 0), ratio(p99["edge"], p99["nginx"]), ROUNDS)
    table.row("— p50 and p99 without a proxy", f"{spread(p50['direct'], 'µs', 0)}, {spread(p99['direct'], 'µs', 0)}", n=ROUNDS)


def times(log, target, rate):
    """Microseconds of each answer. The log of h2load: when, status, how long."""
    each = rate / CLIENTS
    words = ["h2load", "--h1", "-c", str(CLIENTS), "-n", str(int(each * SECONDS) * CLIENTS), f"--rps={each:.1f}", f"--log-file={log}", *target]
    run(*words, timeout=60)
    lines = [line.split() for line in log.read_text().splitlines()]
    assert lines and all(status == "200" for _, status, _ in lines), "every answer is a 200"
    os.unlink(log)
    return [int(micros) for _, _, micros in lines]
