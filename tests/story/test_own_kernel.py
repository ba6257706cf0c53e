"""A platform whose runtime is gVisor: services run, answer, log, rest and end as with any other, each on a kernel of its own."""
from pathlib import Path

import pytest

from under_test import leaks, until

RUNTIME = Path("/usr/bin/runsc")
FLAGS = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]


def sandboxes(p):
    """Command lines of gVisor's kernels that serve this platform."""
    lines = [path.read_bytes().replace(b"\0", b" ").decode() for path in Path("/proc").glob("[0-9]*/cmdline") if readable(path)]
    return [line for line in lines if line.startswith("runsc-sandbox") and str(p.run_dir()) in line]


def readable(path):
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_a_service_runs_on_a_kernel_of_its_own(platform, images):
    if not RUNTIME.exists():
        pytest.fail(f"{RUNTIME} is missing: tests/install-packages installs it")
    layout, _ = images("hello")
    p = platform(*FLAGS, "--runtime", str(RUNTIME))
    before = leaks(p)
    p.start()
    p.offer(layout)
    service = p.create("webs", "hello:v1")["Service"]
    arn = service["ServiceArn"]
    p.until_status(arn, "RUNNING", seconds=60)
    assert p.https(service["ServiceUrl"])[0] == 200
    assert len(sandboxes(p)) == 1
    until("its line can be read", lambda: "answered" in p.outrunner("logs", "webs"))
    p.client("apprunner").pause_service(ServiceArn=arn)
    p.until_status(arn, "PAUSED", seconds=60)
    assert sandboxes(p) == []
    p.client("apprunner").resume_service(ServiceArn=arn)
    p.until_status(arn, "RUNNING", seconds=60)
    p.kill()
    p.start()
    assert p.https(service["ServiceUrl"])[0] == 200, "another platform goes on with it"
    p.client("apprunner").delete_service(ServiceArn=arn)
    p.until_status(arn, "DELETED", seconds=60)
    p.stop()
    assert leaks(p) == before
