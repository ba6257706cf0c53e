"""The table of figures: medians with the quartiles around them, ratios of the same run, and what machine it was."""
import os
import platform
import subprocess
import sys
import time
from statistics import median, quantiles

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
        version = subprocess.run([self.folder / "outrunner", "--version"], capture_output=True, text=True).stdout.strip()
        print(f"{version}, {time.strftime('%Y-%m-%d', time.gmtime())}: {os.cpu_count()} cores, {cpu_model()}, "
              f"{memory_gib():.0f} GiB, Linux {platform.release()}, load {self.load:.2f} before; {seconds:.0f} s.")
        print("Medians (quartiles in brackets); a ratio is the median of the ratios of rounds, Outrunner to peer: below 1 is less.")
        print()
        widths = [max(len(row[i]) for row in [COLUMNS, *self.rows]) for i in range(len(COLUMNS))]
        for row in [COLUMNS, ["-" * width for width in widths], *self.rows]:
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


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
