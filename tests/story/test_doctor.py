"""`outrunner doctor` says what is well, beside a platform and without one, and names what is in the way."""
import json
import socket

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
