"""httpx as a client that goes on: `client_httpx.py URL_HOST CA PREFIX 1|2` asks until its standard input ends, then says what it saw as JSON."""
import json
import sys
import threading

import httpx

host, ca, prefix, version = sys.argv[1:]
port = host.rsplit(":", 1)[1]
over = threading.Event()
seen = {"ok": 0, "failed": [], "http": ""}


def ask(client, worker):
    number = 0
    while not over.is_set():
        number += 1
        path = f"/n/{prefix}-{worker}-{number}/" + ("digest" if number % 3 == 0 else "slow/30")
        try:
            # Python's resolver does not know that .localhost is this machine.
            answer = client.request(
                "POST" if number % 3 == 0 else "GET",
                f"https://127.0.0.1:{port}{path}",
                headers={"Host": host},
                content=b"x" * 1000 if number % 3 == 0 else None,
                extensions={"sni_hostname": host.rsplit(":", 1)[0]},
            )
            seen["http"] = answer.http_version
            if answer.status_code == 200:
                seen["ok"] += 1
            else:
                seen["failed"].append(f"{path}: {answer.status_code} {answer.text}")
        except httpx.HTTPError as error:
            seen["failed"].append(f"{path}: {type(error).__name__}: {error}")


with httpx.Client(http1=version == "1", http2=version == "2", verify=ca, timeout=20) as client:
    # Over HTTP/2 one thread: with several it gives its streams numbers in one order and sends them in another, which ends the connection by itself.
    workers = [threading.Thread(target=ask, args=(client, worker)) for worker in range(3 if version == "1" else 1)]
    for worker in workers:
        worker.start()
    sys.stdin.read()
    over.set()
    for worker in workers:
        worker.join()
print(json.dumps(seen))
