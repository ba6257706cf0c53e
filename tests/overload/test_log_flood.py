"""An app that prints far more than anybody can keep, beside one that prints a line now and then."""
import time

import pytest

from town import Memory, told
from under_test import until

# A shim's pipes, its line, and what it has gathered; the platform's batches.
SHIM_MIB, PLATFORM_MIB = 4, 96


@pytest.mark.promise(
    "An app prints 200 MB/s",
    "The app does not wait. What is over its instance's cap (64 MiB unread) is dropped, and one line says how many lines were. Others' lines come as before.",
    "That app's lines beyond the cap, counted.",
)
def test_a_flood_of_lines_is_cut_and_told_and_a_neighbours_line_comes_through(town):
    seconds = 5
    shims = {}
    for shim in (town.p.run_dir() / "shims").iterdir():
        state = dict(line.split(" ", 1) for line in (shim / "state").read_text().splitlines())
        shims[f"shim{len(shims)}"] = int(open(f"/proc/{state['init_pid'].strip()}/stat").read().rsplit(") ", 1)[1].split()[1])

    def lines_of(name, text):
        return [line for line in town.p.outrunner("logs", name).splitlines() if text in line]

    started = int(time.time() * 1000) - 1000
    with Memory(**town.pids, **shims) as memory:
        began = time.monotonic()
        assert town.ask("busy", f"/lines/200/{seconds}")[0] == 200
        waits = []
        while not waits or time.monotonic() - began < seconds:
            mark = f"/?{time.monotonic()}"
            assert town.ask("calm", mark)[0] == 200
            asked = time.monotonic()
            until("a neighbour's line is there", lambda: lines_of("calm", mark), 15, pause=0.1)
            waits.append(round(time.monotonic() - asked, 1))
        logs = town.p.client("logs")
        group = "/aws/apprunner/busy/%s/application" % town.busy_arn.rsplit("/", 1)[1]

        def is_told():
            # It stands among hundreds of thousands of lines, wherever there was room again.
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern='"lines dropped here"', startTime=started)
            return town.answers("busy") and any(page["events"] for page in pages)

        # The next line that is kept tells of those that were not.
        until("what was dropped is told", is_told, 120, pause=1)
    took = time.monotonic() - began
    told("a flood of lines", neighbours_wait_s=waits, over_after_s=round(took, 1), platform_mib=memory.grown_mib("platform"),
         shim_mib=max(memory.grown_mib(name) for name in shims))
    assert memory.grown_mib("platform") <= PLATFORM_MIB
    assert all(memory.grown_mib(name) <= SHIM_MIB for name in shims)
    assert max(waits) <= 10, waits
    town.recovered()
