"""What the kernel says about a process: its CPU time and its share of memory."""
import os
from pathlib import Path

TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")


def cpu_us(pids):
    """User and system time of processes, all threads of them, in microseconds. Source: proc_pid_stat(5), fields 14 and 15."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_US


def memory_kib(pid):
    """Proportional share, and what is the process's own and written to. Source: proc_pid_smaps(5)."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return [int(fields[name].split()[0]) for name in ("Pss", "Private_Dirty")]


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def shims(platform):
    """Process ids of the platform's shims, from the state that each writes."""
    pids = []
    for name in platform.instances():
        state = (platform.run_dir() / "shims" / name / "state").read_text()
        pids += [int(line.split()[1]) for line in state.splitlines() if line.startswith("shim_pid ")]
    return pids
