"""What the edge adds to the time of an answer at half of its load, beside nginx and the other proxies: a fixed rate over kept HTTP/1.1 connections, and the same rate
straight to the instance as the measure of nothing in between. The load (edge/benches/paced_load.rs) spreads its requests evenly: h2load's --rps begins those of ten
milliseconds at once, which is full load for a third of the time.
"""
import os
from contextlib import ExitStack
from statistics import median, quantiles

import peers
from per_request import ROUND_SECONDS, WARM_REQUESTS, Nginx, Proxy, origin_of
from table import ratio, single, spread
from under_test import run

ROUNDS = 7
CLIENTS = 16
SECONDS = 3
PEER_SECONDS = 2
FLAGS = ["--h1", "-c", "32"]
LOAD = 0.5


def measure(table, platform, folder, kept):
    origin, url = origin_of(platform), kept["ServiceUrl"]
    load = os.environ["OUTRUNNER_PACED_LOAD"]
    own = folder / "peers-latency"
    own.mkdir()
    with ExitStack() as stack:
        nginx = stack.enter_context(Nginx(folder / "nginx-latency", origin)).proxy()
        others = peers.standing(stack, own, origin, lambda proxy: proxy.round(url, FLAGS, WARM_REQUESTS))
        edge = Proxy("edge", [], int(url.rsplit(":", 1)[1]))
        targets = {proxy.name: ["https", f"127.0.0.1:{proxy.port}", url] for proxy in (edge, nginx, *others)}
        targets["direct"] = ["http", origin, origin]
        # Half of what the slower of the two carries, for all of them.
        most = min(edge.calibrate(url, FLAGS), nginx.calibrate(url, FLAGS)) / ROUND_SECONDS
        rate = most * LOAD
        seen = {name: [] for name in targets}
        always = ["edge", "nginx", "direct"]
        for n in range(ROUNDS):
            others_now = [proxy.name for proxy in others] if n < peers.ROUNDS else []
            for name in always[n % 3:] + always[: n % 3] + others_now:
                seen[name].append(times(load, targets[name], rate, PEER_SECONDS if name in others_now else SECONDS))
    p50 = {name: [median(one) for one in rounds] for name, rounds in seen.items()}
    p99 = {name: [quantiles(one, n=100)[98] for one in rounds] for name, rounds in seen.items()}
    what = "at half load"
    added = {name: [a - b for a, b in zip(p50[name], p50["direct"])] for name in ("edge", "nginx")}
    table.row(f"latency added to a request, p50, {what}", spread(added["edge"], "µs", 0), spread(added["nginx"], "µs", 0), "", ROUNDS)
    table.row(f"latency of a request, p99, {what}", spread(p99["edge"], "µs", 0), spread(p99["nginx"], "µs", 0), ratio(p99["edge"], p99["nginx"]), ROUNDS)
    # Below what nothing in between takes, by chance, is not a time: it counts as it came out, as that of p50 does.
    tail = {name: [a - b for a, b in zip(p99[name], p99["direct"])] for name in ("edge", "nginx")}
    table.row(f"latency added to a request, p99 less the p99 without a proxy, {what}", spread(tail["edge"], "µs", 0), spread(tail["nginx"], "µs", 0), "", ROUNDS)
    peers.rows(table, f"latency of a request, p99, {what}", "µs", {proxy.name: p99["edge"][: peers.ROUNDS] for proxy in others},
               {proxy.name: p99[proxy.name] for proxy in others}, 0)
    table.row("— p50 without a proxy", spread(p50["direct"], "µs", 0), n=ROUNDS)
    table.row("— p99 without a proxy", spread(p99["direct"], "µs", 0), n=ROUNDS)
    table.row("— half load, as it was", single(rate, "/s", 0))


def times(load, words, rate, seconds):
    """Microseconds of each answer."""
    lines = run(load, f"{rate:.1f}", str(seconds), str(CLIENTS), *words, timeout=60).split()
    assert len(lines) >= CLIENTS, "every connection was answered"
    return [int(micros) for micros in lines]
