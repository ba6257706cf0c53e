"""Steps of an operation, and who is killed there.

A step is the n-th time that the platform passes one of its checkpoints (control/src/checkpoint.rs): it stands still there, so that somebody else can be
killed exactly then. A debug build writes down what it passes: the steps of an operation are what it passed when nobody was killed. Between them are moments.
Steps of the runtime come from a program that stands before it and kills it, or its shim, where it is told to.
"""
import os
import shutil
import signal
import time
from collections import Counter

from under_test import until

# What stands before the runtime. `kill` beside it holds WORD MOMENT WHOM: it is taken once, at the next such command.
STAND_IN = """#!/bin/sh
here=@HERE@
[ -e "$here/kill" ] || exec @RUNTIME@ "$@"
read -r command moment whom < "$here/kill"
root= container= found=
for word; do
    [ "$before" = --root ] && root=$word
    [ "$word" = "$command" ] && found=yes
    before=$word container=$word
done
[ -n "$found" ] && mv "$here/kill" "$here/killed" 2>/dev/null || exec @RUNTIME@ "$@"
victim=$$
[ "$whom" = shim ] && victim=$PPID
if [ "$moment" = before ]; then
    kill -9 $victim
    exec @RUNTIME@ "$@"
fi
[ "$command" = delete ] || rm -f pid
@RUNTIME@ "$@" &
child=$!
case $moment in
    begun) while kill -0 $child 2>/dev/null && [ ! -e "$root/$container" ]; do :; done ;;
    made) while kill -0 $child 2>/dev/null && [ ! -s pid ]; do :; done ;;
    over) wait $child ;;
esac
[ "$whom" = runtime ] && kill -9 $child 2>/dev/null
kill -9 $victim
wait $child
"""


class Steps:
    """What a platform passes, written down in a folder, and where it shall stand still."""

    def __init__(self, folder):
        self.folder, self.armed = folder, 0
        folder.mkdir()
        self.env = {"OUTRUNNER_CHECKPOINTS": str(folder)}

    def mark(self):
        path = self.folder / "passed"
        return path.stat().st_size if path.exists() else 0

    def since(self, mark):
        """What was passed since: each with how often by then."""
        seen, steps = Counter(), []
        with open(self.folder / "passed") as passed:
            passed.seek(mark)
            for name in passed.read().split():
                seen[name] += 1
                steps.append(f"{name}#{seen[name]}")
        return steps

    def arm(self, step):
        self.disarm()
        new = self.folder / "halt.new"
        self.armed += 1
        # The same step again is another text: the platform begins to count when the text changes.
        new.write_text(step + "\n" * (self.armed % 9))
        new.rename(self.folder / "halt")

    def reached(self):
        return (self.folder / "halted").exists()

    def disarm(self):
        """Whoever stands still goes on."""
        for name in ("halt", "halted"):
            (self.folder / name).unlink(missing_ok=True)


class Runtime:
    """The OCI runtime with a program before it that kills it, or its shim, in the middle of a command."""

    def __init__(self, folder, runtime="runc"):
        self.folder = folder
        folder.mkdir()
        self.program = folder / "runtime"
        self.program.write_text(STAND_IN.replace("@HERE@", str(folder)).replace("@RUNTIME@", shutil.which(runtime)))
        self.program.chmod(0o755)

    def arm(self, step):
        """COMMAND.MOMENT.WHOM, as in `run.begun.shim`."""
        self.disarm()
        new = self.folder / "kill.new"
        new.write_text(" ".join(step.split(".")) + "\n")
        new.rename(self.folder / "kill")

    def reached(self):
        return (self.folder / "killed").exists()

    def disarm(self):
        for name in ("kill", "killed"):
            (self.folder / name).unlink(missing_ok=True)


class Moments:
    """Moments that have no name: `after.120` is so many milliseconds after it was armed."""

    def __init__(self):
        self.at = None

    def arm(self, step):
        self.at = time.monotonic() + int(step.removeprefix("after.")) / 1000

    def reached(self):
        return self.at is not None and time.monotonic() >= self.at

    def disarm(self):
        self.at = None


def state_of(folder):
    try:
        return dict(line.split(" ", 1) for line in (folder / "state").read_text().splitlines())
    except FileNotFoundError:
        return None


def shims_of(p, service_id):
    """The shims of a service's instances, oldest first: (short name, process)."""
    found = []
    for name in p.instances():
        folder = p.run_dir() / "shims" / name
        state = state_of(folder) if name.startswith(service_id) else None
        try:
            began = folder.stat().st_mtime
        except FileNotFoundError:
            # It was discarded since its state was read.
            continue
        if state and not (folder / "exit").exists() and os.path.exists(f"/proc/{state['shim_pid']}"):
            found.append((began, name.split(".")[1], int(state["shim_pid"])))
    return [(name, pid) for _, name, pid in sorted(found)]


def kill_edge(p):
    pid = p.run_file()["edge_pid"]
    os.kill(pid, signal.SIGKILL)
    until("another front door is there", lambda: p.run_file()["edge_pid"] not in (pid, None), seconds=20)
