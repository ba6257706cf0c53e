"""The table of figures: medians with the quartiles around them, ratios of the same run, and what machine it was."""
import os
import platform
import subprocess
import sys
import time
from statistics import median, quantiles

NOTES = """
- First answers: both are polled on loopback every 0.5 ms, Outrunner on one kept TLS connection, the image present. runc joins a user and a network
  namespace with a link and an address that were made before its clock started, and gets the same kinds of namespace, limits and mounts.
  The parts are means, so that they add up; file times are of the kernel's tick, half a tick added.
- CPU per request: user and system time of all threads (edge) and of master and workers (nginx), by a closed loop of 32 requests in flight
  from this machine, origin, load and proxy on the same cores; handshakes of the round's connections included.
- The log line's CPU is spent whatever proxy stands before the instance."""

COLUMNS = ["figure", "Outrunner", "peer", "ratio", "n"]


class Table:
    def __init__(self, folder):
        self.rows = []
        self.folder = folder
        self.load = os.getloadavg()[0]

    def row(self, figure, ours, peer="", ratio="", n=""):
        self.rows.append([figure, ours, peer, ratio, str(n)])
        say(f"{figure}: {ours}{' beside ' + peer if peer else ''}{', ratio ' + ratio if ratio else ''}")

    def print(self, seconds):
        version = first_line(self.folder / "outrunner", "--version")
        print(f"{version}, {time.strftime('%Y-%m-%d', time.gmtime())}: {os.cpu_count()} cores, {cpu_model()}, "
              f"{memory_gib():.0f} GiB, Linux {platform.release()}, load {self.load:.2f} before; {seconds:.0f} s.")
        print(f"Peers: {first_line('runc', '--version')}; {first_line('nginx', '-v').replace('/', ' ')}; load by {first_line('h2load', '--version')}.")
        print("Medians (quartiles in brackets); a ratio is the median of the ratios of rounds, Outrunner to peer: below 1 is less.")
        print()
        widths = [max(len(row[i]) for row in [COLUMNS, *self.rows]) for i in range(len(COLUMNS))]
        for row in [COLUMNS, ["-" * width for width in widths], *self.rows]:
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        print(NOTES)


def first_line(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0].strip()


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def spread(values, unit, digits=1):
    """A median and its quartiles."""
    low, _, high = quantiles(values, n=4)
    return f"{median(values):.{digits}f} {unit} ({low:.{digits}f}–{high:.{digits}f})"


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
