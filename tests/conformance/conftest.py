"""One platform for the whole run, and what came of every check: `N passed, N failed`, and target/conformance.json for README's table."""
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from under_test import BIN, ROOT, Platform, run  # noqa: E402
from ground import Ground  # noqa: E402

RESULTS = Path(os.environ.get("OUTRUNNER_CONFORMANCE", ROOT / "target" / "conformance.json"))
# A run of less than these says nothing about what is complete.
WHOLE = {"test_model.py", "test_statuses.py", "test_waiters.py"}
TALLY = pytest.StashKey["Tally"]()


class Tally:
    """Every check by operation: how many passed, and what the others say."""

    def __init__(self):
        self.operations = {}
        self.notes = []
        self.files = set()

    def of(self, service, operation):
        return self.operations.setdefault(f"{service}:{operation}", {"passed": 0, "failed": [], "unprovoked": {}})

    def check(self, service, operation, what, holds, says=""):
        row = self.of(service, operation)
        if holds:
            row["passed"] += 1
        else:
            row["failed"].append(f"{what}: {says}" if says else what)
        return holds

    def unprovoked(self, service, operation, fault, why):
        self.of(service, operation)["unprovoked"][fault] = why

    def passed(self):
        return sum(row["passed"] for row in self.operations.values())

    def failed(self):
        return [f"{name}: {one}" for name, row in sorted(self.operations.items()) for one in row["failed"]]


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*operations): operations of App Runner without which a test has nothing to say")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fixtures may ask how their test went."""
    report = yield
    if report.when == "call":
        item.call_report = report
        item.config.stash.setdefault(TALLY, Tally()).files.add(item.path.name)
    return report


@pytest.fixture(scope="session")
def tally(request):
    return request.config.stash.setdefault(TALLY, Tally())


@contextlib.contextmanager
def started(images, folder, *flags):
    """A platform with ground to stand on, which is ended whatever happens."""
    ports = ("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0")
    p = Platform(folder, *ports, *flags)
    # A run of these tests is thousands of calls that fail.
    p.allow(r"too many calls of an account fail")
    try:
        yield Ground(p.start(), images)
        p.stop()
    finally:
        if p.process is not None and p.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(p.data)], capture_output=True, timeout=120)
            if p.process.poll() is None:
                p.process.kill()
                p.process.wait()


@pytest.fixture(scope="session")
def ground(images, tmp_path_factory):
    with started(images, tmp_path_factory.mktemp("ground")) as made:
        yield made


@pytest.fixture(scope="session")
def strict(images, tmp_path_factory):
    """A platform on which App Runner's own quotas hold: they are used up there, and can be raised."""
    if "--strict" not in run(BIN / "outrunner", "serve", "--help"):
        pytest.skip("serve has no --strict")
    with started(images, tmp_path_factory.mktemp("strict"), "--strict") as made:
        yield made


def pytest_terminal_summary(terminalreporter, config):
    tally = config.stash.get(TALLY, None)
    if tally is None or not tally.operations:
        return
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    whole = not config.option.keyword and not any("::" in word for word in config.args) and WHOLE <= tally.files
    found = {"whole": whole, "passed": tally.passed(), "failed": len(tally.failed()), "operations": tally.operations, "notes": tally.notes}
    RESULTS.write_text(json.dumps(found, indent=1))
    terminalreporter.section("conformance")
    for line in [*tally.notes, *(f"FAILED {line}"[:400] for line in tally.failed())]:
        terminalreporter.write_line(line)
    terminalreporter.write_line(f"conformance: {tally.passed()} passed, {len(tally.failed())} failed")
