"""The tutorial's application as an OCI layout: the base image of examples/base-images, its requirements, its source; made once.

Made as the caller, who can reach PyPI; only the base image needs root.
"""
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLASK = ROOT / "examples" / "flask"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
# As the example's Dockerfile says, but for the access lines: 45 wakes are measured, not the log.
COMMAND = ["python3", "-m", "gunicorn", "--bind", "0.0.0.0:8080", "--workers", "1", "--threads", "8", "app:app"]


def make(target):
    """Answers the layout's folder."""
    base = target / "base-images" / "python"
    if not base.exists():
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n", "env", f"PATH={os.environ['PATH']}"]
        subprocess.run([*as_root, ROOT / "examples" / "base-images" / "make.py", base.parent], check=True)
    layout = target / "bench-flask"
    wanted = hashlib.sha256()
    for file in (base / "index.json", FLASK / "requirements.txt", FLASK / "app.py", Path(__file__)):
        wanted.update(file.read_bytes())
    made = layout / "made"
    if made.exists() and made.read_text() == wanted.hexdigest():
        return layout
    shutil.rmtree(layout, ignore_errors=True)
    (layout / "blobs" / "sha256").mkdir(parents=True)
    pack(base, layout)
    made.write_text(wanted.hexdigest())
    return layout


def pack(base, layout):
    def get(descriptor):
        return (base / "blobs" / "sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()

    def put(media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        (layout / "blobs" / "sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    index = json.loads((base / "index.json").read_text())
    manifest = json.loads(get(index["manifests"][0]))
    config = json.loads(get(manifest["config"]))
    layers = [put(layer["mediaType"], get(layer)) for layer in manifest["layers"]]
    plain = application(layout)
    layers.append(put(LAYER, gzip.compress(plain, compresslevel=5, mtime=0)))
    config["rootfs"]["diff_ids"].append("sha256:" + hashlib.sha256(plain).hexdigest())
    config.pop("history", None)
    inside = config["config"]
    inside["Env"] = [*inside.get("Env", []), "PYTHONPATH=/app/packages", "PYTHONDONTWRITEBYTECODE=1"]
    inside |= {"Cmd": COMMAND, "WorkingDir": "/app"}
    config = put("application/vnd.oci.image.config.v1+json", json.dumps(config).encode())
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers}
    manifest = put(manifest["mediaType"], json.dumps(manifest).encode())
    named = {**manifest, "annotations": {"org.opencontainers.image.ref.name": "v1"}}
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


def application(layout):
    """A tar of what the example needs and of the example, under /app."""
    packages = layout / "packages"
    machine = os.uname().machine
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", packages, "--requirement", FLASK / "requirements.txt"]
    words += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.12", "--platform", f"manylinux2014_{machine}"]
    subprocess.run([str(word) for word in words], check=True)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        tar.add(packages, arcname="app/packages")
        tar.add(FLASK / "app.py", arcname="app/app.py")
    shutil.rmtree(packages)
    return plain.getvalue()
