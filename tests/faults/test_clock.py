"""The machine's time is set back and forth while a platform runs: nobody is started, ended or made to wait for it.

The platform alone lives in the other time (a library between it and the kernel's clock); what cannot be set, the time since the boot, stays.
"""
import os
import signal
from pathlib import Path

import pytest
from steps import state_of

from under_test import BIN, run, until

FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
WAYS = ("keep_alive", "new_connection", "http2")
QUICK = [{"Key": "outrunner:stop-grace", "Value": "500ms"}]


def at(offset):
    assert FAKETIME, "libfaketime is missing: run tests/lab/install"
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.mark.promise(
    "The machine's clock is set forward or back by a day while services run",
    "Services answer all the time; deployments run, and an instance that ends is replaced within seconds.",
    "Nothing.",
)
def test_services_run_on_while_the_clock_is_set_back_and_forth(platform, images, tmp_path):
    said = tmp_path / "time"
    said.write_text("+0\n")
    later = {**at("+0"), "FAKETIME_TIMESTAMP_FILE": str(said), "FAKETIME_CACHE_DURATION": "1"}
    later.pop("FAKETIME")
    p = platform(env=later).start()
    layout, _ = images("hello")
    p.offer(layout)
    created = p.create("webs", "hello:v1", Tags=QUICK)["Service"]
    arn, url = created["ServiceArn"], created["ServiceUrl"]
    beside = p.create("beside", "hello:v1", Tags=QUICK)["Service"]
    for service in (created, beside):
        p.until_status(service["ServiceArn"], "RUNNING", 60)
    keeps = [name for name in p.instances() if name.startswith(beside["ServiceId"])]
    load = p.load(beside["ServiceUrl"], seconds=None, rate=10)
    for offset in ("+1d", "-1d"):
        said.write_text(offset + "\n")
        # A client that lives in the same time; any other one's signatures are too old, or of tomorrow.
        ours = lambda *words, check=True: run(BIN / "outrunner", *words, "--data-dir", p.data, env={**p.env(), **at(offset)}, check=check)
        until(f"the platform lives at {offset}", lambda: ours("ps", check=False).returncode == 0, 20)
        exits_and_comes_back(p, created["ServiceId"], url)
        ours("update", "webs", "--env", f"AT={offset}")
        assert p.https(url)[0] == 200
    said.write_text("+0\n")
    until("the platform lives today", lambda: p.outrunner("ps", check=False).returncode == 0, 20)
    operations = p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"]
    assert sorted((one["Type"], one["Status"]) for one in operations) == [("CREATE_SERVICE", "SUCCEEDED")] + [("UPDATE_SERVICE", "SUCCEEDED")] * 2
    counts = load.end()
    assert {way: counts[way]["failures"] for way in WAYS if counts[way]["failed"]} == {}
    assert [name for name in p.instances() if name.startswith(beside["ServiceId"])] == keeps, "the same instance all along"
    p.stop()


def exits_and_comes_back(p, service_id, url):
    """Its shim writes down when it ended, in a time that is not the platform's."""
    [name] = [name for name in p.instances() if name.startswith(service_id)]
    init = int(state_of(p.run_dir() / "shims" / name)["init_pid"])
    os.kill(init, signal.SIGKILL)
    until("it has ended", lambda: not os.path.exists(f"/proc/{init}"), 10)

    def is_new():
        mine = [name for name in p.instances() if name.startswith(service_id)]
        state = state_of(p.run_dir() / "shims" / mine[0]) if len(mine) == 1 else None
        return bool(state) and state.get("init_pid", str(init)) != str(init)

    until("another one is there", is_new, 30)
    until("the URL answers", lambda: p.https(url)[0] == 200, 30)
    until("it alone", lambda: len([name for name in p.instances() if name.startswith(service_id)]) == 1, 30)
