"""CPU of a new TLS connection with one request on it, of the edge beside nginx and the other proxies, in front of the same instance.

All: TLS 1.3, ECDSA P-256, a full handshake (the load resumes nothing), one session ticket sent (two by those that cannot be told).
"""
from contextlib import ExitStack

import peers
from per_request import Nginx, Proxy, origin_of
from process import cpu_us
from table import ratio, spread
from under_test import run

ROUNDS = 9
BATCHES = 16
# As many as both keep connections to the instance: what is measured is the client's side.
CONNECTIONS = 64


def measure(table, platform, folder, kept):
    url = kept["ServiceUrl"]
    own = folder / "peers-new"
    own.mkdir()
    with ExitStack() as stack:
        nginx = stack.enter_context(Nginx(folder / "nginx-new", origin_of(platform))).proxy()
        others = peers.standing(stack, own, origin_of(platform), lambda proxy: connections(proxy, url))
        edge = Proxy("edge", [platform.run_file()["edge_pid"]], int(url.rsplit(":", 1)[1]))
        for proxy in (edge, nginx):
            connections(proxy, url)
        seen = {proxy.name: [] for proxy in (edge, nginx, *others)}
        for n in range(ROUNDS):
            for proxy in (edge, nginx) if n % 2 else (nginx, edge):
                seen[proxy.name].append(connections(proxy, url))
            for proxy in others if n < peers.ROUNDS else []:
                seen[proxy.name].append(connections(proxy, url))
    ours, theirs = seen.pop(edge.name), seen.pop(nginx.name)
    table.row("CPU per new TLS connection with a request, beside nginx", spread(ours, "µs"), spread(theirs, "µs"), ratio(ours, theirs), ROUNDS)
    peers.rows(table, "CPU per new TLS connection with a request", "µs", {name: ours[: peers.ROUNDS] for name in seen}, seen)


def connections(proxy, url):
    before = cpu_us(proxy.pids)
    for _ in range(BATCHES):
        words = ["h2load", "--h1", "-c", str(CONNECTIONS), "-n", str(CONNECTIONS), f"--connect-to=127.0.0.1:{proxy.port}", f"https://{url}/"]
        text = run(*words, timeout=30)
        assert f"status codes: {CONNECTIONS} 2xx" in text, text
    return (cpu_us(proxy.pids) - before) / (BATCHES * CONNECTIONS)
