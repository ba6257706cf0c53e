"""What every story shares: the example image, built once, platforms that are ended whatever happens, and what the run has shown to hold.

A test says which promise it holds by `@pytest.mark.promise(fault, sees, lost)`: three short sentences for a row of docs/faults.md. Only what passed in a run
becomes a row (`tests/faults/page.py` writes them from the file that OUTRUNNER_PROMISES names).
"""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from under_test import BIN, ROOT, Platform, run  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "promise(fault, sees, lost): a fault, what the user sees, and what is lost; a row of docs/faults.md")
    if os.geteuid() != 0:
        pytest.exit("these tests need root, for containers and networks: run make test", returncode=1)
    if not (BIN / "outrunner").exists():
        pytest.exit(f"{BIN}/outrunner is not built: run make test", returncode=1)


def pytest_collection_modifyitems(items):
    """Overload comes last: its platform stays up beside whatever follows."""
    items.sort(key=lambda item: ROOT / "tests" / "overload" in item.path.parents)


HELD = pytest.StashKey[dict]()
PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remembers each promise with whether every test that holds it passed, and of each test whether it did: fixtures ask."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    if report.when == "call" or not report.passed:
        held = item.config.stash.setdefault(HELD, {})
        for promise in item.iter_markers("promise"):
            row = (*promise.args, str(item.path.relative_to(ROOT)))
            held[row] = held.get(row, True) and report.passed
    return report


def pytest_sessionfinish(session):
    path, held = os.environ.get("OUTRUNNER_PROMISES"), session.config.stash.get(HELD, {})
    if path and held:
        rows = [{"fault": f, "sees": s, "lost": lost, "test": test} for (f, s, lost, test), passed in held.items() if passed]
        try:
            commit = run("git", "-C", ROOT, "rev-parse", "--short", "HEAD", check=False).stdout.strip() or "unknown"
        except OSError:
            # A source archive on a machine without git.
            commit = "unknown"
        Path(path).write_text(json.dumps({"commit": commit, "day": time.strftime("%Y-%m-%d"), "rows": rows}, indent=1))


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """Compiles a C file to a static program, once."""
    folder = tmp_path_factory.mktemp("programs")

    def compiled(name, source):
        program = folder / name
        if not program.exists():
            run("gcc", "-O2", "-static", "-D_GNU_SOURCE", "-pthread", "-o", program, source)
        return program

    return compiled


@pytest.fixture(scope="session")
def images(programs, tmp_path_factory):
    """Packs a static program into an image layout; answers (layout, digest)."""
    folder = tmp_path_factory.mktemp("images")

    def packed(name, source=ROOT / "examples" / "hello" / "hello.c", tag="v1", flags=()):
        layout = folder / f"{name}-{tag}"
        program = programs(name, source)
        pack = [sys.executable, ROOT / "examples" / "oci_image.py", layout, tag, "--entrypoint", f"/{name}", *flags]
        return layout, run(*pack, f"{program}=/{name}").strip()

    return packed


@pytest.fixture
def platform(tmp_path, request):
    """A started platform. What a failed test left is ended with `outrunner stop`, and what it had started beside it. The log is judged, whoever stops it."""
    made = []

    def make(*flags, env=None):
        made.append(Platform(tmp_path, *flags, env=env))
        return made[-1]

    yield make
    for platform in made:
        platform.end_what_is_beside()
        if platform.process is not None and platform.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(platform.data)], capture_output=True, timeout=120)
            if platform.process.poll() is None:
                platform.process.kill()
                platform.process.wait()
    # Of a test that failed, its own failure is what is told.
    for platform in made if request.node.stash.get(PASSED, False) else []:
        if not platform.judged:
            platform.judge_log()
