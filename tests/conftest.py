"""What every story shares: the example image, built once, and platforms that are ended whatever happens."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from under_test import BIN, ROOT, Platform, run  # noqa: E402


def pytest_configure(config):
    if os.geteuid() != 0:
        pytest.exit("these tests need root, for containers and networks: run make test", returncode=1)
    if not (BIN / "outrunner").exists():
        pytest.exit(f"{BIN}/outrunner is not built: run make test", returncode=1)


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
def platform(tmp_path):
    """A started platform. What a failed test left is ended with `outrunner stop`."""
    made = []

    def make(*flags, env=None):
        made.append(Platform(tmp_path, *flags, env=env))
        return made[-1]

    yield make
    for platform in made:
        if platform.process is not None and platform.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(platform.data)], capture_output=True, timeout=120)
            if platform.process.poll() is None:
                platform.process.kill()
                platform.process.wait()
