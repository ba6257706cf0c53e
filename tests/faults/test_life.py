"""What happens to services when the machine or the platform goes away in the middle of something."""
import os
import signal
import subprocess
from pathlib import Path

import pytest

from under_test import until


def prepared(platform, images):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    services = [p.create(name, "hello:v1")["Service"] for name in ("first", "second")]
    for service in services:
        p.until_status(service["ServiceArn"], "RUNNING")
    return p, services


def descendants(pid):
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from descendants(int(child))
        yield int(child)


def power_cut(p):
    """Everything of this platform ends at once, and nobody writes anything down."""
    p.process.send_signal(signal.SIGSTOP)
    shims = {}
    for folder in (p.run_dir() / "shims").iterdir():
        state = dict(line.split(" ", 1) for line in (folder / "state").read_text().splitlines())
        shims[folder] = int(state["shim_pid"])
    for pid in shims.values():
        os.kill(pid, signal.SIGKILL)
    for folder in shims:
        for group in ("unified", ""):
            kill = Path("/sys/fs/cgroup", group, f"outrunner-{p.run_dir().name}", folder.name, "cgroup.kill")
            if kill.exists():
                kill.write_text("1")
    for pid in descendants(p.process.pid):
        os.kill(pid, signal.SIGKILL)
    p.kill()


@pytest.mark.promise(
    "The machine loses its power and starts again",
    "Services are as they were once the platform is started: running ones answer, paused ones are paused.",
    "What was in flight, and log lines that the disk had not yet.",
)
@pytest.mark.parametrize("run", ["emptied", "kept"])
def test_after_a_reboot_services_are_as_they_were(platform, images, run):
    p, (one, two) = prepared(platform, images)
    three = p.create("third", "hello:v1")["Service"]
    p.until_status(three["ServiceArn"], "RUNNING")
    p.client("apprunner").pause_service(ServiceArn=three["ServiceArn"])
    p.until_status(three["ServiceArn"], "PAUSED", 60)
    p.client("apprunner").delete_service(ServiceArn=two["ServiceArn"])
    p.until_status(two["ServiceArn"], "DELETED", 60)
    power_cut(p)
    for mount in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        point = mount.split()[1]
        if point.startswith(str(p.data)) or p.run_dir().name in point:
            subprocess.run(["umount", "-l", point], check=True)
    if run == "emptied":
        # As tmpfs is. Named by what this test has: nobody else's.
        for path in sorted(p.run_dir().rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    else:
        for state in (p.run_dir() / "shims").glob("*/state"):
            lines = state.read_text().splitlines(keepends=True)
            state.write_text("".join("boot_id another-life-of-this-machine\n" if line.startswith("boot_id ") else line for line in lines))
    p.allow("an instance without a folder is ended", "the shim is gone; its instance is ended", "a trusted certificate")
    p.start()
    until("the service answers again", lambda: p.https(one["ServiceUrl"])[0] == 200)
    p.until_status(one["ServiceArn"], "RUNNING")
    until("nothing of the other ones is there", lambda: len(p.instances()) == 1)
    assert p.status(three["ServiceArn"]) == "PAUSED"
    p.client("apprunner").resume_service(ServiceArn=three["ServiceArn"])
    p.until_status(three["ServiceArn"], "RUNNING", 60)
    assert p.https(three["ServiceUrl"])[0] == 200
    p.stop()


def test_a_service_whose_instance_was_left_asleep_is_woken_and_answers(platform, images):
    p, services = prepared(platform, images)
    before = p.instances()
    p.kill()
    # As a platform leaves it that dies right after it has put everybody to rest.
    for name in before:
        (p.run_dir() / "shims" / name / "rest").write_text("frozen")
    p.start()
    for service in services:
        until("the service answers again", lambda url=service["ServiceUrl"]: p.https(url)[0] == 200)
    assert p.instances() == before, "the same instances"
    until("nobody sleeps", lambda: not list((p.run_dir() / "shims").glob("*/rest")))
    p.stop()


@pytest.mark.parametrize("abort_at", ["effect.wake.before#1", "effect.wake.after#1"])
def test_a_wake_completes_after_a_death_at(platform, images, abort_at):
    p, services = prepared(platform, images)
    before = p.instances()
    p.kill()
    for name in before:
        (p.run_dir() / "shims" / name / "rest").write_text("frozen")
    p.extra_env = {"OUTRUNNER_ABORT_AT": abort_at}
    p.start(wait=False)
    until(f"the platform dies at {abort_at}", lambda: p.process.poll() is not None, seconds=20)
    assert p.process.returncode == -6, p.process.returncode
    p.extra_env = {}
    p.start()
    for service in services:
        until("the service answers again", lambda url=service["ServiceUrl"]: p.https(url)[0] == 200)
    assert p.instances() == before, "the same instances"
    p.stop()
