"""One platform for the whole run, and what came of every check: `N passed, N failed`, and target/conformance.json for README's table."""
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issuer import ADDRESS, Issuer  # noqa: E402
from under_test import BIN, ROOT, Platform  # noqa: E402
from ground import Ground  # noqa: E402
from public_registry import PublicRegistry  # noqa: E402

RESULTS = Path(os.environ.get("OUTRUNNER_CONFORMANCE", ROOT / "target" / "conformance.json"))
# A run of less than these says nothing about what is complete.
WHOLE = {"test_model.py", "test_partly_honoured.py", "test_statuses.py", "test_waiters.py"}
# Names of operations in one line.
NAMES_SHOWN = 8
# Clients that take long to build are tests where somebody built them, and a line at the end where nobody did.
OTHERS_ARE_BUILT = "OUTRUNNER_CLIENTS" in os.environ
collect_ignore = [] if OTHERS_ARE_BUILT else ["test_other_clients.py"]
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

    def read(self, ground):
        """Whatever was called on this ground, its answers were read against the model."""
        for (service, operation), wrong in sorted(ground.wrong.items()):
            for offence, answer in wrong.items():
                self.check(service, operation, "its answers are as the model says", False, f"{offence} in {answer}")
        self.notes.append(f"{ground.calls} answers were read against the model")

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
def started(images, folder, *flags, address=ADDRESS):
    """A platform with ground to stand on, which is ended whatever happens."""
    ports = ("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0")
    issuer = Issuer(Path(folder) / "issuer", address)
    public = PublicRegistry(images("hello", flags=["--env", "GREETING=Hello"])[0])
    p = Platform(folder, *ports, *flags, "--registry-mirror", f"public.ecr.aws={public.url}", env=issuer.env())
    try:
        yield Ground(p.start(), images, issuer)
        p.stop()
    finally:
        issuer.close()
        public.close()
        if p.process is not None and p.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(p.data)], capture_output=True, timeout=120)
            if p.process.poll() is None:
                p.process.kill()
                p.process.wait()


@pytest.fixture(scope="session")
def ground(images, tally, tmp_path_factory):
    with started(images, tmp_path_factory.mktemp("ground")) as made:
        yield made
    # Whatever any file called, its bytes were read: no test knows whether it is the last one.
    tally.read(made)
    assert not made.wrong, "\n".join(f"{s}:{o}: {offence}: {a}" for (s, o), wrong in made.wrong.items() for offence, a in wrong.items())


@pytest.fixture(scope="session")
def strict(images, tmp_path_factory):
    """A platform on which App Runner's own quotas hold: they are used up there, and can be raised."""
    with started(images, tmp_path_factory.mktemp("strict"), "--strict", address="127.0.0.10") as made:
        yield made


def not_provoked(tally):
    """Every fault that an operation declares and that nobody provoked, by name and with its reason."""
    alike = {}
    for name, row in sorted(tally.operations.items()):
        service, operation = name.split(":")
        for fault, why in row["unprovoked"].items():
            alike.setdefault((service, fault, why), []).append(operation)
    for (service, fault, why), names in sorted(alike.items()):
        who = " ".join(names) if len(names) <= NAMES_SHOWN else f"all {len(names)} operations of {service} that declare it"
        yield f"NOT PROVOKED {service} {fault}: {why}: {who}"


def pytest_terminal_summary(terminalreporter, config):
    tally = config.stash.get(TALLY, None)
    if tally is None or not tally.operations:
        return
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    whole = not config.option.keyword and not any("::" in word for word in config.args) and WHOLE <= tally.files
    found = {"whole": whole, "passed": tally.passed(), "failed": len(tally.failed()), "operations": tally.operations, "notes": tally.notes}
    RESULTS.write_text(json.dumps(found, indent=1))
    terminalreporter.section("conformance")
    skipped = [f"SKIPPED {report.nodeid}: {report.longrepr[2]}" for report in terminalreporter.stats.get("skipped", [])]
    if not OTHERS_ARE_BUILT:
        tally.notes.append("NOT TRIED Go, Java, and the SDKs and the command line of two years ago: make soak PART=clients builds and tries them")
    for line in [*tally.notes, *not_provoked(tally), *skipped, *(f"FAILED {line}"[:400] for line in tally.failed())]:
        terminalreporter.write_line(line)
    faults = sum(len(row["unprovoked"]) for row in tally.operations.values())
    terminalreporter.write_line(
        f"conformance: {tally.passed()} passed, {len(tally.failed())} failed; {faults} declared faults cannot be provoked and {len(skipped)} tests were "
        "skipped: above, by name")
