"""`outrunner doctor` says what is well, beside a platform and without one, and names what is in the way."""
import json
import socket
import sys

from under_test import BIN, run


def doctor(*flags, check=True):
    return run(BIN / "outrunner", "doctor", *flags, check=check)


def test_the_doctor_finds_a_machine_well_and_a_port_that_is_taken(platform, tmp_path):
    ports = ["--api", "127.0.0.1:0", "--http", ":0", "--https", ":0"]
    checks = json.loads(doctor("--data-dir", tmp_path / "nothing-there", *ports, "--json"))
    assert {"root", "kernel", "control groups", "runtime", "nft", "shim", "addresses", "disk"} <= {check["name"] for check in checks}
    assert not [check for check in checks if check["verdict"] == "fail"], checks
    assert not (tmp_path / "nothing-there").exists(), "it only looks"

    p = platform().start()
    text = doctor("--data-dir", p.data, *p.flags)
    assert "is the instances' alone" in text
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = doctor("--data-dir", p.data, "--api", f"127.0.0.1:{port}", check=False)
    assert done.returncode == 1
    assert f"port {port} is taken by" in done.stdout and "choose another port with --api" in done.stdout
    p.stop()


# A machine of which nothing is well, as far as a namespace can show one: what it has is hidden, and nothing outside of it changes.
UNWELL = """
import os, socket, subprocess, sys
data, controllers, *doctor = sys.argv[1:]
def run(words): subprocess.run(words.split(), check=True)
run("mount --make-rprivate /")
run("mount -t tmpfs -o size=64m none /sys/fs/cgroup")
if controllers:
    open("/sys/fs/cgroup/cgroup.controllers", "w").write(controllers)
os.mkdir(data)
run(f"mount -t tmpfs -o size=64m none {data}")
empty = f"{data}/resolv.conf"
open(empty, "w").close()
run(f"mount --bind {empty} /etc/resolv.conf")
run("ip link set lo up")
for half in ("10.64.0.0/10", "10.128.0.0/10"):
    run(f"ip route add {half} dev lo")
taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken.bind(("0.0.0.0", 53))
sys.exit(subprocess.run(doctor, pass_fds=[taken.fileno()]).returncode)
"""


def unwell(data, controllers):
    """What the doctor says of such a machine, by the checks' names; its exit code."""
    words = [BIN / "outrunner", "doctor", "--data-dir", data, "--api", "127.0.0.1:0", "--http", ":0", "--https", ":0", "--json"]
    done = run("unshare", "--mount", "--net", sys.executable, "-c", UNWELL, data, controllers, *words, check=False)
    return {check["name"]: check for check in json.loads(done.stdout)}, done.returncode


def test_the_doctor_names_each_thing_that_is_not_well_and_what_to_do(tmp_path):
    checks, code = unwell(tmp_path / "old", "")
    for name, verdict, seen, advice in [
        ("control groups", "fail", "version 1, without cpu, memory, pids, devices, freezer", "Mount them"),
        ("addresses", "fail", "no /20 is free", "instances need one /20"),
        ("uplink", "warn", "there is no default route", "Add a default route"),
        ("name servers", "warn", "cannot reach any", "/etc/resolv.conf"),
        ("port 53", "warn", "every address of the machine", "bind-interfaces"),
        ("disk", "warn", "MiB are free", "Make room"),
    ]:
        check = checks[name]
        assert check["verdict"] == verdict and seen in check["seen"] and advice in check["advice"], check
    assert code == 1

    checks, _ = unwell(tmp_path / "new", "cpu io\n")
    groups = checks["control groups"]
    assert groups["verdict"] == "fail" and groups["seen"] == "version 2, without memory, pids" and "Delegate=yes" in groups["advice"], groups
