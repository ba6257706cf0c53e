#!/usr/bin/env python3
"""Packs files into an OCI image layout, without a container engine: one gzip layer, fixed times, so the same input gives the same digest.

    oci_image.py LAYOUT TAG [--entrypoint PROGRAM]... [--env K=V]... [--user USER] [--architecture ARCH] FILE=/path/in/image...
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import platform
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout")
    parser.add_argument("tag")
    parser.add_argument("--entrypoint", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--user", default="")
    parser.add_argument("--architecture", default=ARCHITECTURES.get(platform.machine(), platform.machine()))
    parser.add_argument("files", nargs="*", metavar="FILE=/path/in/image")
    return parser.parse_intermixed_args()


def layer_of(files):
    """A tar of the files and the folders above them."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        folders = set()
        for source, inside in sorted((f.split("=", 1) for f in files), key=lambda pair: pair[1]):
            parts = inside.strip("/").split("/")
            for depth in range(1, len(parts)):
                folder = "/".join(parts[:depth])
                if folder not in folders:
                    folders.add(folder)
                    entry = tarfile.TarInfo(folder)
                    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                    tar.addfile(entry)
            entry = tarfile.TarInfo("/".join(parts))
            with open(source, "rb") as file:
                content = file.read()
            entry.size, entry.mode = len(content), 0o755 if os.access(source, os.X_OK) else 0o644
            tar.addfile(entry, io.BytesIO(content))
    return raw.getvalue()


class Layout:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "blobs", "sha256"), exist_ok=True)

    def blob(self, media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(self.folder, "blobs", "sha256", digest), "wb") as file:
            file.write(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def file(self, name, document):
        with open(os.path.join(self.folder, name), "w") as file:
            json.dump(document, file)


def main():
    args = parse()
    layout = Layout(args.layout)
    tar = layer_of(args.files)
    layer = layout.blob("application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(tar, mtime=0))
    config = {
        "architecture": args.architecture,
        "os": "linux",
        "config": {"Entrypoint": args.entrypoint, "Env": args.env, "User": args.user},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(tar).hexdigest()}"]},
    }
    config = layout.blob("application/vnd.oci.image.config.v1+json", json.dumps(config, sort_keys=True).encode())
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
    descriptor = layout.blob(MANIFEST, json.dumps(manifest, sort_keys=True).encode())
    descriptor["annotations"] = {"org.opencontainers.image.ref.name": args.tag}
    layout.file("oci-layout", {"imageLayoutVersion": "1.0.0"})
    layout.file("index.json", {"schemaVersion": 2, "manifests": [descriptor]})
    print(descriptor["digest"])


if __name__ == "__main__":
    main()
