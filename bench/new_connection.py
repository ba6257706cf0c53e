"""CPU of a new TLS connection with one request on it, of the edge beside nginx, in front of the same instance.

Both: TLS 1.3, ECDSA P-256, a full handshake (the load resumes nothing), one session ticket sent.
"""
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
    with Nginx(folder / "nginx-new", origin_of(platform)) as nginx:
        edge = Proxy("edge", [platform.run_file()["edge_pid"]], int(url.rsplit(":", 1)[1]))
        ours, theirs = [], []
        proxies = [(edge, ours), (nginx.proxy(), theirs)]
        for proxy, _ in proxies:
            connections(proxy, url)
        for n in range(ROUNDS):
            for proxy, figures in proxies if n % 2 else reversed(proxies):
                figures.append(connections(proxy, url))
    table.row("CPU per new TLS connection with a request, beside nginx", spread(ours, "µs"), spread(theirs, "µs"), ratio(ours, theirs), ROUNDS)


def connections(proxy, url):
    before = cpu_us(proxy.pids)
    for _ in range(BATCHES):
        words = ["h2load", "--h1", "-c", str(CONNECTIONS), "-n", str(CONNECTIONS), f"--connect-to=127.0.0.1:{proxy.port}", f"https://{url}/"]
        text = run(*words, timeout=30)
        assert f"status codes: {CONNECTIONS} 2xx" in text, text
    return (cpu_us(proxy.pids) - before) / (BATCHES * CONNECTIONS)
