"""A machine of its own as far as files go: `/etc` and `/usr/local` are copies that go with it.

Programs run in it through `nsenter`; network and processes are the test's own. Nothing of it reaches the real `/etc`.
"""
import subprocess

from under_test import run

COPIED = ["/etc", "/usr/local"]


class Machine:
    def __init__(self, folder):
        self.folder = folder
        steps = []
        for number, path in enumerate(COPIED):
            upper, work = folder / f"upper{number}", folder / f"work{number}"
            upper.mkdir(parents=True)
            work.mkdir()
            steps.append(f"mount -t overlay overlay -o lowerdir={path},upperdir={upper},workdir={work} {path}")
        script = " && ".join(steps) + " && echo ready && exec cat"
        # Ends when its standard input does, so with the test at the latest.
        words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "an overlay over /etc can be mounted"

    def run(self, *words, user=None, **more):
        """Runs a program in it, as root or as a user's number."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return run("nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt", "--", *as_user, *words, **more)

    def picture(self, *more):
        """Every file, folder and link with mode and owner, and with its content; large and far from us, `/usr/local` with size and time instead."""
        names = self.run("find", *COPIED, *more, "-printf", "%y %m %U %G %p -> %l\\n").splitlines()
        far = self.run("find", "/usr/local", "-type", "f", "-printf", "%s %T@ %p\\n").splitlines()
        contents = self.run("find", "/etc", *more, "-type", "f", "-exec", "sha256sum", "{}", "+", timeout=300).splitlines()
        return sorted(names) + sorted(far) + sorted(contents)

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
