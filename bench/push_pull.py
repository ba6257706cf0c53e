"""Push and pull of an image of 200 MB, by skopeo, beside Debian's docker-registry on the same disk.

Each round has an image that neither has seen. docker-registry is unpacked from its package, never installed, so nothing starts it but this.
"""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import time
import urllib.request
from io import BytesIO

from per_request import free_port
from table import ratio, spread
from under_test import run, until

ROUNDS = 5
LAYERS, LAYER_BYTES = 4, 50_000_000

CONFIG = """
version: 0.1
log: {{ level: error, accesslog: {{ disabled: true }} }}
storage: {{ filesystem: {{ rootdirectory: {folder}/store }} }}
http: {{ addr: 127.0.0.1:{port} }}
"""


def measure(table, platform, folder, program):
    own = folder / "push-pull"
    own.mkdir()
    platform.client("ecr").create_repository(repositoryName="pushed")
    platform.login()
    # Incompressible, so that no client gains by compressing it anew.
    noise = [os.urandom(LAYER_BYTES) for _ in range(LAYERS)]
    with Peer(own / "peer", program) as peer:
        hosts = {"ours": platform.registry_host(), "theirs": f"localhost:{peer.port}"}
        times = {(side, verb): [] for side in hosts for verb in ("push", "pull")}
        for n in range(ROUNDS + 1):
            layout = make(own / "layout", noise, n)
            for side in list(hosts) if n % 2 else reversed(hosts):
                image = f"docker://{hosts[side]}/pushed:v{n}"
                pushed = timed(platform, "copy", "--dest-tls-verify=false", f"oci:{layout}:v1", image)
                pulled = timed(platform, "copy", "--src-tls-verify=false", image, f"dir:{own / 'pulled'}")
                shutil.rmtree(own / "pulled")
                # The first of each warms the client's own cache of what it knows, and the disk.
                if n:
                    times[side, "push"].append(pushed)
                    times[side, "pull"].append(pulled)
            shutil.rmtree(layout)
    for verb in ("push", "pull"):
        ours, theirs = times["ours", verb], times["theirs", verb]
        table.row(f"{verb} of 200 MB, beside docker-registry", spread(ours, "ms", 0), spread(theirs, "ms", 0), ratio(ours, theirs), ROUNDS)


def timed(platform, *words):
    env = platform.env()
    # What was written before is on the disk: nobody pays for another's bytes.
    os.sync()
    began = time.perf_counter()
    run("skopeo", "--insecure-policy", *words, env=env)
    return (time.perf_counter() - began) * 1000


def make(layout, noise, number):
    """An image with new digests."""
    blobs = layout / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    layers, diff_ids = [], []
    for n, content in enumerate(noise):
        plain = BytesIO()
        with tarfile.open(fileobj=plain, mode="w") as tar:
            entry = tarfile.TarInfo(f"file-{number}-{n}")
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))
        layers.append(put("application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(plain.getvalue(), compresslevel=0, mtime=0)))
        diff_ids.append("sha256:" + hashlib.sha256(plain.getvalue()).hexdigest())
    config = {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/nothing"]}, "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    config = put("application/vnd.oci.image.config.v1+json", json.dumps(config).encode())
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers}
    named = {**put(manifest["mediaType"], json.dumps(manifest).encode()), "annotations": {"org.opencontainers.image.ref.name": "v1"}}
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return layout


class Peer:
    """docker-registry on a folder of its own."""

    def __init__(self, folder, program):
        self.folder, self.program = folder, program

    def __enter__(self):
        self.folder.mkdir()
        self.port = free_port()
        config = self.folder / "config.yml"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port))
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([str(self.program), "serve", str(config)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        until("docker-registry answers", self.answers)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def answers(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v2/", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False
