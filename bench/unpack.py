#!/usr/bin/env python3
"""How long an image of about 200 MB takes to become folders, beside umoci, in pairs on the same disk.

`bench/unpack.py [ROUNDS]` (after `cargo build --release -p engine --example unpack --features workbench`; as root). The image is made of this
machine's own files, so only the ratio means something elsewhere: a base of programs and libraries, a Python tree of many small files, an app.
Neither waits for the disk: ours marks a layer until it is there, and a machine that comes back does not trust the mark.
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
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
LAYERS = [
    (["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"], 110 << 20),
    ([*map(str, sorted(Path("/root/.pyenv/versions").glob("3.1*/lib/python3.*"))), "/usr/lib/python3", "/usr/lib/python3.11", "/usr/share"], 90 << 20),
    (["/etc/ssl", "/usr/include/linux"], 2 << 20),
]


def layer(folders, bytes_max):
    """A gzip layer of at most so many bytes, with its two digests."""
    plain = io.BytesIO()
    total = 0
    files = 0
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for top in folders:
            for folder, names, members in os.walk(top):
                names.sort()
                tar.add(folder, arcname=folder.lstrip("/"), recursive=False)
                for name in sorted(members):
                    path = os.path.join(folder, name)
                    info = tar.gettarinfo(path, arcname=path.lstrip("/"))
                    if info is None or total + info.size > bytes_max or not (info.isreg() or info.issym()):
                        continue
                    files += 1
                    total += info.size
                    if info.isreg():
                        with open(path, "rb") as file:
                            tar.addfile(info, file)
                    else:
                        tar.addfile(info)
    plain = plain.getvalue()
    stored = gzip.compress(plain, compresslevel=5, mtime=0)
    return stored, hashlib.sha256(plain).hexdigest(), total, files


def make_layout(folder):
    """An OCI layout with one image; answers its digest, and what is in it."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(content):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"digest": f"sha256:{digest}", "size": len(content)}

    descriptors, diff_ids, total, files, stored_bytes = [], [], 0, 0, 0
    for folders, bytes_max in LAYERS:
        stored, diff_id, size, count = layer(folders, bytes_max)
        descriptors.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **put(stored)})
        diff_ids.append(f"sha256:{diff_id}")
        total, files, stored_bytes = total + size, files + count, stored_bytes + len(stored)
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    config = {"architecture": machine, "os": "linux", "config": {"Cmd": ["python3"]}, "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", **put(json.dumps(config).encode())}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": descriptors}
    manifest = {"mediaType": manifest["mediaType"], **put(json.dumps(manifest).encode())}
    named = {**manifest, "annotations": {"org.opencontainers.image.ref.name": "bench"}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return manifest["digest"], f"{total / 1e6:.0f} MB in {files} files, {len(diff_ids)} layers, {stored_bytes / 1e6:.0f} MB stored"


def timed(words, folder):
    """Milliseconds of a program that fills a folder, which is taken away again outside the time."""
    os.sync()
    began = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    took = (time.perf_counter() - began) * 1000
    shutil.rmtree(folder)
    return took


def row(table, folder, program):
    """As a row of `make bench`."""
    from table import ratio, spread

    folder.mkdir()
    ours, theirs, _ = measure(folder, 5, program)
    table.row("unpacking an image of about 200 MB, beside umoci", spread(ours, "ms", 0), spread(theirs, "ms", 0), ratio(ours, theirs), len(ours))


def measure(folder, rounds, program=TARGET / "release" / "examples" / "unpack"):
    """Our milliseconds and umoci's, round by round, and what was unpacked."""
    layout = folder / "layout"
    digest, what = make_layout(layout)
    ours, theirs = [], []
    for number in range(rounds + 1):
        one = timed([program, layout, digest, folder / "ours"], folder / "ours")
        other = timed(["umoci", "unpack", "--image", f"{layout}:bench", folder / "umoci"], folder / "umoci")
        print(f"bench: round {number}: {one:.0f} ms, umoci {other:.0f} ms", file=sys.stderr, flush=True)
        if number:  # The first pair warms the disk's cache.
            ours.append(one)
            theirs.append(other)
    return ours, theirs, what


def main():
    sys.path.insert(0, str(ROOT / "bench"))
    sys.dont_write_bytecode = True
    from table import ratio, spread

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory(prefix="outrunner-unpack-") as folder:
        ours, theirs, what = measure(Path(folder), rounds)
    print(f"unpack {what}: {spread(ours, 'ms', 0)}, umoci {spread(theirs, 'ms', 0)}, ratio {ratio(ours, theirs)}, n = {rounds}")


if __name__ == "__main__":
    main()
