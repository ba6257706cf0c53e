"""The lab's workplace: one for the whole story. Run through tests/lab/as-lab, after target/base-images and target/aws-v2 are made."""
import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from under_test import ROOT, run  # noqa: E402
from workplace import AWS_V2, BASE_IMAGES, Workplace  # noqa: E402

# What the lab does with is there before it begins, and a missing one fails it: nothing is left out.
PROGRAMS = ["aws", "buildah", "certutil", "chromium", "curl", "docker", "dockerd", "gcc", "skopeo"]

reports = []


@pytest.fixture(scope="session")
def lab_programs():
    path = f"{ROOT}/target/venv/bin:{os.environ['PATH']}"
    missing = [name for name in PROGRAMS if shutil.which(name, path=path) is None]
    missing += [str(path) for path in (AWS_V2 / "aws", BASE_IMAGES / "made") if not path.exists()]
    assert not missing, f"the lab needs {', '.join(missing)}: run tests/lab/run"


@pytest.fixture(scope="module")
def lab(lab_programs, tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("lab"))
    yield place
    place.end()
    reports.append(place.transcript)


def pytest_terminal_summary(terminalreporter):
    for transcript in reports:
        if transcript.steps:
            transcript.write()
            terminalreporter.write_line("")
            terminalreporter.write_line(transcript.table())


@pytest.fixture(scope="session")
def hello_layout(tmp_path_factory):
    """The example in C as an image layout; answers (layout, architecture → tag)."""
    folder = tmp_path_factory.mktemp("hello")
    run("gcc", "-O2", "-static", "-D_GNU_SOURCE", "-pthread", "-o", folder / "hello", ROOT / "examples" / "hello" / "hello.c")

    def packed(tag, *flags):
        layout = folder / tag
        run(sys.executable, ROOT / "examples" / "oci_image.py", layout, tag, "--entrypoint", "/hello", *flags, f"{folder}/hello=/hello")
        return layout

    return packed


@pytest.fixture(scope="session")
def nothing(tmp_path_factory):
    """A static program that does nothing."""
    folder = tmp_path_factory.mktemp("nothing")
    (folder / "nothing.c").write_text("int main(void) { return 0; }\n")
    run("gcc", "-O2", "-static", "-o", folder / "nothing", folder / "nothing.c")
    return folder / "nothing"
