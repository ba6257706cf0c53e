"""The engine by itself, without API, ledger and front door: starts, starts of what was made ahead, wakes, a storm of starts, and what sleeping costs.

Beside `runc run` of the same bundle (see first_answer), and `podman run` of the same program where podman is.
All is measured at the instance's own address, by whoever asked, on one clock.
"""
import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median

import first_answer
from process import memory_kib
from table import Measured, ratio, say, single, spread
from under_test import run

ROUNDS = 15
STORM, STORMS = 100, 3
SLEEPERS = 60
AHEAD, ASLEEP, STANDING = 100, 200, 300


def measure(table, folder, figures, shim, hello, flask):
    own = folder / "engine"
    own.mkdir()
    with Engine(figures, shim, hello, flask) as engine, first_answer.Runc(own, hello, standing(engine)) as runc:
        podman = Podman(folder / "podman", runc) if shutil.which("podman") else None
        starts(table, engine, runc, podman)
        made_ahead(table, engine)
        wakes(table, engine)
        wakes_flask(table, engine)
        sleeping(table, engine)
        storm(table, engine)


def standing(engine):
    """The folder of an instance that runs, for its bundle."""
    engine.ask("start", STANDING)
    return Path(engine.ask("folder", STANDING)["folder"])


class Engine:
    """The engine's own program for this, a command a line."""

    def __init__(self, *words):
        self.words = [str(word) for word in words]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, f"the engine ended at {words}"
        return json.loads(answer)


class Podman:
    """`podman run --detach` of a root file system of our own, in a network namespace that is there already."""

    def __init__(self, folder, runc):
        folder.mkdir()
        self.runc = runc
        self.root = folder / "rootfs"
        for inside in ("proc", "dev", "sys", "etc", "run"):
            (self.root / inside).mkdir(parents=True)
        shutil.copy(runc.hello, self.root / "hello")
        self.program = ["podman", "--root", folder / "storage", "--runroot", folder / "run", "--runtime", "/usr/sbin/runc",
                        "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--storage-driver", "vfs"]
        self.id = f"outrunner-bench-{os.getpid()}"

    def round(self):
        net = f"ns:/proc/{self.runc.holder.pid}/ns/net"
        limits = ["--memory", "512m", "--pids-limit", "2048", "--cpus", "1", "--ulimit", "nofile=20000:20000", "--ulimit", "nproc=20000:20000"]
        words = [*self.program, "run", "--detach", "--name", self.id, "--network", net, *limits, "--env", f"PORT={first_answer.PORT}",
                 "--rootfs", self.root, "/hello"]
        try:
            first, _ = first_answer.first_200(self.runc, [str(word) for word in words])
        finally:
            # Also one that came too late: it would answer in runc's place.
            run(*self.program, "rm", "--force", "--time", "0", self.id, check=False)
        return first


def starts(table, engine, runc, podman):
    """Who is first changes, so that nobody always follows another's cleaning up."""
    sides = {"ours": [], "runc": [], "podman": []}
    rounds = {"ours": lambda: ours(engine), "runc": runc.round}
    if podman and works(podman):
        rounds["podman"] = podman.round
    for n in range(ROUNDS):
        order = list(rounds)
        for side in order[n % len(order):] + order[:n % len(order)]:
            sides[side].append(rounds[side]())
    answers, peer = [one["200"] for one in sides["ours"]], [one["first 200"] for one in sides["runc"]]
    table.row("instance wanted → first 200 at its address, beside runc run", spread(answers, "ms"), spread(peer, "ms"), ratio(answers, peer), ROUNDS)
    running, returned = [one["running"] for one in sides["ours"]], [one["returned"] for one in sides["runc"]]
    table.row("instance wanted → its first process runs, beside runc run → it returns", spread(running, "ms"), spread(returned, "ms"),
              ratio(running, returned), ROUNDS)
    table.row("— wanted → counts as healthy", spread([one["ready"] for one in sides["ours"]], "ms"), n=ROUNDS)
    if sides["podman"]:
        table.row("the same beside podman run (network made before)", spread(answers, "ms"), spread(sides["podman"], "ms"),
                  ratio(answers, sides["podman"]), ROUNDS)


def works(podman):
    try:
        podman.round()
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        say(f"podman is here and does not run here, so it is no peer: {error}")
        return False
    return True


def ours(engine):
    times = engine.ask("start", 0)
    engine.ask("discard", 0)
    return times


def made_ahead(table, engine):
    slots = range(AHEAD, AHEAD + ROUNDS)
    created = [engine.ask("create", slot)["created"] for slot in slots]
    pss = [memory_kib(engine.ask("pids", slot)["init"])[0] for slot in slots]
    begun = [engine.ask("start", slot) for slot in slots]
    table.row("created ahead: start → first 200 at its address", spread([one["200"] for one in begun], "ms", 2), n=ROUNDS)
    table.row("— of it: start → its first process runs", spread([one["running"] for one in begun], "ms", 2), n=ROUNDS)
    table.row("— making it ahead", spread(created, "ms"), n=ROUNDS)
    table.row("— one that waits, PSS of the runtime's process", single(median(pss) / 1024, "MiB"), n=ROUNDS)
    for slot in slots:
        engine.ask("discard", slot)


def wakes(table, engine):
    engine.ask("start", ASLEEP)
    for rest in ("throttled", "frozen"):
        times = []
        for _ in range(ROUNDS * 3):
            engine.ask("rest", ASLEEP, rest)
            times.append(engine.ask("wake", ASLEEP)["200"])
        table.row(f"{rest} → 200 at its address", spread(times, "ms", 2), n=len(times))
    engine.ask("discard", ASLEEP)


def wakes_flask(table, engine):
    """The tutorial's application: an interpreter, a server with threads, a framework. Its first answer is waited for before it is frozen."""
    cold = engine.ask("start-layout", ASLEEP)["200"]
    times = []
    for _ in range(ROUNDS * 3):
        engine.ask("rest", ASLEEP, "frozen")
        times.append(engine.ask("wake", ASLEEP)["200"])
    table.row("frozen → 200 at its address, Flask under gunicorn", spread(times, "ms", 2), n=len(times))
    table.row("— the same application from nothing", single(cold, "ms", 0))
    engine.ask("discard", ASLEEP)


def sleeping(table, engine):
    """What the kernel has more and the shims, beside the apps' own pages. Unshared, so that it is what one more would cost."""
    slots = range(ASLEEP, ASLEEP + SLEEPERS)
    engine.ask("start", ASLEEP - 1)
    pool = Path(engine.ask("pool")["pool"])
    before, disk_before = kernel_kib(), used_kib(pool) if os.path.ismount(pool) else 0
    for slot in slots:
        engine.ask("start", slot)
        engine.ask("rest", slot, "frozen")
    kernel = (kernel_kib() - before) / SLEEPERS
    disk = (used_kib(pool) - disk_before) / SLEEPERS if os.path.ismount(pool) else 0
    pids = [engine.ask("pids", slot)["shim"] for slot in slots]
    shims = median(memory_kib(pid)[0] for pid in pids)
    words = f"{shims:.0f} KiB (PSS) + {kernel:.0f} KiB (slab, stacks, page tables, per CPU)"
    table.row(f"one of {SLEEPERS} frozen, beside the app's own pages: shim and kernel", Measured(words, unit="KiB", median=shims + kernel), n=SLEEPERS)
    for slot in (ASLEEP - 1, *slots):
        engine.ask("discard", slot)
    if not os.path.ismount(pool):
        say("NOT MEASURED: the scratch file system of one: this machine has no pool for what instances write")
        return
    scratch = scratch_kib(pool)
    words = f"{disk:.0f} KiB of the pool + {scratch:.0f} KiB of the kernel (in the row above too)"
    table.row(f"— its scratch file system: a subvolume and an overlay, of {SLEEPERS}", Measured(words, unit="KiB", median=disk + scratch), n=SLEEPERS)


def scratch_kib(pool):
    """The kernel's memory for what an instance writes into, without the instance: as many subvolumes with an overlay over each."""
    folders = [pool / f".bench-{n}" for n in range(SLEEPERS)]
    made = []
    before = kernel_kib()
    try:
        for folder in folders:
            run("btrfs", "subvolume", "create", folder)
            made.append(folder)
            for inside in ("upper", "work", "root"):
                (folder / inside).mkdir()
            run("mount", "-t", "overlay", "-o", f"lowerdir=/etc,upperdir={folder}/upper,workdir={folder}/work", "bench", folder / "root")
        return (kernel_kib() - before) / SLEEPERS
    finally:
        for folder in made:
            run("umount", folder / "root", check=False)
            run("btrfs", "subvolume", "delete", folder, check=False)


def used_kib(folder):
    """What is used of a file system once all is written."""
    os.sync()
    disk = os.statvfs(folder)
    return (disk.f_blocks - disk.f_bfree) * disk.f_frsize / 1024


def kernel_kib():
    """Memory of the kernel's own that grows with processes, mounts, namespaces and groups. Source: proc_meminfo(5)."""
    fields = dict(line.split(":", 1) for line in open("/proc/meminfo"))
    return sum(int(fields[name].split()[0]) for name in ("SUnreclaim", "KernelStack", "PageTables", "Percpu"))


def storm(table, engine):
    together, one_by_one = [], []
    for _ in range(STORMS):
        one_by_one.append(median(ours(engine)["ready"] for _ in range(5)) * STORM)
        answer = engine.ask("storm", STORM)
        assert answer["failed"] == 0, answer
        together.append(answer["ready"])
    table.row(f"{STORM} starts asked at once → all ready, beside {STORM} times one start", spread(together, "ms", 0), spread(one_by_one, "ms", 0),
              ratio(together, one_by_one), STORMS)
