"""The figures of a run: medians with the quartiles around them, ratios of the same run, what was promised, and what machine it was.

A figure is read by people as a row, and by the next run as numbers (JSON): `Measured` is both.
"""
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

import wheel
from after_rest import after_rest
from target import judged

NOTES = """
- First answers: both are polled on loopback every 0.5 ms, Outrunner on one kept TLS connection, the image present. runc gets the bundle
  of an instance of ours (mounts, limits, capabilities, system calls), and joins a user and a network namespace with a link and an address that were made before its clock started.
  The parts are means, so that they add up; file times are of the kernel's tick, half a tick added.
- CPU per request: user and system time of all threads (edge) and of master and workers (nginx), by a closed loop of 32 requests in flight
  from this machine, origin, load and proxy on the same cores; handshakes of the round's connections included.
- HAProxy, Envoy and Traefik are set like nginx: TLS 1.3 with a P-256 certificate, a worker a core, kept connections, X-Forwarded-For and -Proto and X-Request-Id, an access
  log. HAProxy writes each log line by itself, as it cannot wait for more; Traefik makes no request id. They have fewer and shorter rounds and no targets.
- The edge writes no access line itself: the platform does, later, and its time for that is a row of its own, and with the edge's beside nginx's, whose time has its
  log's in it. The line that the app prints costs shim and platform the same, whatever proxy stands before the instance.
- Latency at half load: sixteen kept connections of HTTP/1.1 have their turn at equal distances, at half the rate that the slower of edge and nginx carries at most; a time
  is from when a request was sent, or should have been if its connection still waited for an answer.
- A p99 less the p99 without a proxy is a difference of two tails, not the tail of differences.
- Calls: signed before their round, on a kept connection, one after another; a rate "a core" is what one core's CPU time is enough for. moto's server has no App Runner: what
  is alike of Secrets Manager stands beside, from memory, without signatures or policies.
- Memory of an idle platform is looked at after the minute in which its CPU time was counted.
- Push and pull: skopeo is the client of both, its time is in both, and neither has TLS. Ours asks for a login, and answers a push when it is on the disk.
- Logs: the instance's segment is full before the platform, which was held, goes on; then until the last line is found by GetLogEvents.
  A scan is FilterLogEvents with a pattern that no line has, by the platform's CPU time."""

COLUMNS = ["figure", "Outrunner", "peer", "ratio", "n", "target", "met"]
FORM = 1


class Measured(str):
    """What people read, with the numbers behind it: a unit, a median, quartiles where there are some, and how often it was measured."""

    def __new__(cls, text, unit="", median=None, low=None, high=None, n=None):
        measured = super().__new__(cls, text)
        measured.numbers = {"unit": unit, "median": median, "low": low, "high": high, "n": n}
        return measured


class Table:
    def __init__(self, folder):
        self.rows = []
        self.folder = folder
        self.load = os.getloadavg()[0]
        self.after_rest = after_rest()
        self.group = ""
        self.failed = []

    def row(self, figure, ours, peer="", ratio="", n=""):
        """The figure's words are its name in targets.toml, explained.toml and history: they hold no number that a run draws."""
        row = {"figure": figure, "group": self.group, "text": [ours, peer, ratio, str(n)], **numbers(ours)}
        row["n"] = n or row["n"]
        if peer:
            row["peer"] = numbers(peer)
        if ratio:
            row["ratio"] = float(ratio)
        row["target"], row["met"] = judged(row)
        self.rows.append(row)
        say(f"{figure}: {ours}{' beside ' + peer if peer else ''}{', ratio ' + ratio if ratio else ''}{met(row, ', ')}")

    def report(self, seconds, groups):
        """Everything of the run as plain data, the form of bench/history."""
        return {
            "form": FORM,
            "version": first_line(self.folder / "outrunner", "--version"),
            "taken": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "seconds": round(seconds),
            "groups": groups,
            "failed": self.failed,
            "machine": {
                "cores": os.cpu_count(),
                "cpu": cpu_model(),
                "memory_gib": round(memory_gib()),
                "kernel": platform.release(),
                "load_before": round(self.load, 2),
                "after_rest": round(self.after_rest, 1),
            },
            "peers": list(peers()),
            "figures": self.rows,
        }


def peers():
    yield first_line("runc", "--version")
    yield first_line("nginx", "-v").replace("/", " ")
    haproxy = first_line("haproxy", "-v")
    yield haproxy if "not here" in haproxy else " ".join(haproxy.split()[:3])
    if os.environ.get("OUTRUNNER_PROXIES"):
        yield from (one.replace("==", " ") for one in wheel.PROXIES)
    else:
        yield "Envoy and Traefik are not here (their wheels could not be installed)"
    yield first_line("podman", "--version")
    yield f"load by {first_line('h2load', '--version')}"
    if registry := os.environ.get("OUTRUNNER_DOCKER_REGISTRY"):
        yield f"docker-registry {first_line(registry, '--version').split()[-1]}"
    yield first_line("umoci", "--version")
    if os.environ.get("OUTRUNNER_MOTO"):
        yield wheel.MOTO.replace("==", " ")


def markdown(report):
    """The same run for people."""
    machine = report["machine"]
    yield (f"{report['version']}, {report['taken'][:10]}: {machine['cores']} cores, {machine['cpu']}, {machine['memory_gib']} GiB, "
           f"Linux {machine['kernel']}, load {machine['load_before']:.2f} before; {report['seconds']} s.")
    yield f"A look at memory takes {machine['after_rest']} times as long after half a second of rest as at once: the more, the more a platform at rest takes."
    yield f"Peers: {'; '.join(report['peers'])}."
    yield "Medians (quartiles in brackets); a ratio is the median of the ratios of rounds, Outrunner to peer: below 1 is less."
    yield ""
    rows = [[row["figure"], *row["text"], (row["target"] or {}).get("says", ""), met(row)] for row in report["figures"]]
    widths = [max(len(row[i]) for row in [COLUMNS, *rows]) for i in range(len(COLUMNS))]
    for row in [COLUMNS, ["-" * width for width in widths], *rows]:
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
    yield NOTES


def met(row, before=""):
    return "" if row["met"] is None else before + ("yes" if row["met"] else "**no**")


def numbers(text):
    return dict(text.numbers) if isinstance(text, Measured) else Measured("").numbers


def first_line(*words):
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return f"{words[0]} is not here"
    return done.stdout.splitlines()[0].strip()


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def single(value, unit, digits=1):
    """Measured once."""
    return Measured(f"{value:.{digits}f} {unit}", unit=unit, median=value, n=1)


def spread(values, unit, digits=1):
    """A median and its quartiles."""
    low, _, high = quantiles(values, n=4)
    middle = median(values)
    return Measured(f"{middle:.{digits}f} {unit} ({low:.{digits}f}–{high:.{digits}f})", unit, middle, low, high, len(values))


def ratio(ours, theirs):
    """The median of the ratios of rounds."""
    return f"{median(a / b for a, b in zip(ours, theirs)):.2f}"


def cpu_model():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def write(report, path):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
