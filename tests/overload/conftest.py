"""One town for all tests of overload: what one of them left behind, the next would notice."""
import resource
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from under_test import BIN, Platform  # noqa: E402
from town import Town  # noqa: E402


@pytest.fixture(scope="session")
def town(images, tmp_path_factory):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    p = Platform(tmp_path_factory.mktemp("town"))
    try:
        yield Town(p.start(), images)
        p.stop()
    finally:
        if p.process is not None and p.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(p.data)], capture_output=True, timeout=120)
            if p.process.poll() is None:
                p.process.kill()
                p.process.wait()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(autouse=True)
def nothing_outlives_its_test(town):
    """A flood of a test that failed would be in the next one."""
    yield
    town.p.end_what_is_beside()
