"""The platform's own hosts at the front door: only this machine finds them, unless `--doors-public` says otherwise."""
import subprocess

import pytest

from under_test import REGISTRY, run

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def other_machine():
    """A network namespace at the other end of a cable; answers a function that runs programs there."""
    process = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo made; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "made\n"
    run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1", "netns", str(process.pid))
    run("ip", "addr", "add", f"{HERE}/24", "dev", "cable0")
    run("ip", "link", "set", "cable0", "up")

    def there(*words, **more):
        return run("nsenter", f"--net=/proc/{process.pid}/ns/net", "--", *words, **more)

    there("ip", "addr", "add", f"{THERE}/24", "dev", "cable1")
    there("ip", "link", "set", "cable1", "up")
    yield there
    process.stdin.close()
    process.wait(timeout=20)
    run("ip", "link", "del", "cable0", check=False)


def asked(p, port, host, program=run):
    words = ["--cacert", str(p.data / "ca-bundle.pem"), "--connect-to", f"::{HERE}:{port}", f"https://{host}:{port}/v2/"]
    return program("curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", *words)


@pytest.mark.parametrize("flags, status", [([], "404"), (["--doors-public"], "401")])
def test_another_machine_finds_the_registry_only_where_the_doors_are_public(platform, other_machine, flags, status):
    p = platform("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0", *flags).start()
    port = p.run_file()["https"].rsplit(":", 1)[1]
    for host in (REGISTRY, "registry.outrunner.localhost"):
        assert asked(p, port, host) == "401", "this machine is asked for its login"
        assert asked(p, port, host, other_machine) == status, host
    p.stop()
