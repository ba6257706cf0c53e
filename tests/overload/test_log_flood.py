"""Apps that print far more than anybody can keep (one in CI, ten in the soak), beside one that prints a line now and then."""
import os
import signal
import threading
import time

import pytest

from town import SCALE, Memory, in_turn, is_fair, told
from under_test import until

# A shim's pipes, its line, and what it has gathered. The platform's batches are a tenth of this; what it has freed its allocator gives back some
# ten milliseconds later.
SHIM_MIB, PLATFORM_MIB = 4, 128
FLOOD_SECONDS = 5


@pytest.fixture
def loud(town):
    """The services that print, by name: one, or in the soak ten."""
    arns = {f"loud{number}": town.p.create(f"loud{number}", "app:v1")["Service"]["ServiceArn"] for number in range(1, SCALE)}
    api = town.p.client("apprunner")
    for name, arn in arns.items():
        town.p.until_status(arn, "RUNNING", seconds=120)
        town.urls[name] = api.describe_service(ServiceArn=arn)["Service"]["ServiceUrl"]
    yield {"busy": town.busy_arn, **arns}
    for name, arn in arns.items():
        town.p.until_status(arn, "RUNNING", seconds=120)
        api.delete_service(ServiceArn=arn)
        del town.urls[name]


@pytest.mark.promise(
    "An app prints 200 MB/s (ten apps in the soak)",
    "The app does not wait. What is over its instance's cap (64 MiB unread) is dropped, and one line says how many lines were. Others' lines and requests come as before.",
    "That app's lines beyond the cap, counted.",
)
def test_a_flood_of_lines_is_cut_and_told_and_a_neighbours_line_comes_through(town, loud):
    shims = {}
    for shim in (town.p.run_dir() / "shims").iterdir():
        state = dict(line.split(" ", 1) for line in (shim / "state").read_text().splitlines())
        shims[f"shim{len(shims)}"] = int(open(f"/proc/{state['init_pid'].strip()}/stat").read().rsplit(") ", 1)[1].split()[1])
    waits, floods, over = [], [], threading.Event()

    def lines_of(name, text):
        return [line for line in town.p.outrunner("logs", name).splitlines() if text in line]

    def flood(names=loud):
        floods.append(time.monotonic())
        for name in names:
            assert town.ask(name, f"/lines/200/{FLOOD_SECONDS}")[0] == 200

    def neighbours_lines():
        while not over.is_set():
            mark = f"/?{time.monotonic()}"
            assert town.ask("calm", mark)[0] == 200
            asked = time.monotonic()
            until("a neighbour's line is there", lambda: lines_of("calm", mark), 15, pause=0.1)
            waits.append(round(time.monotonic() - asked, 1))

    def neighbours_requests():
        flood()
        return town.peace(2)

    started = int(time.time() * 1000) - 1000
    logs = town.p.client("logs")

    def said(name, words):
        group = f"/aws/apprunner/{name}/{loud[name].rsplit('/', 1)[1]}/application"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern=f'"{words}"', startTime=started)
        return sum(len(page["events"]) for page in pages)

    def is_told(name):
        # It stands among hundreds of thousands of lines, wherever there was room again.
        return town.answers(name) and said(name, "lines dropped here")

    def is_cut_or_kept(name):
        return is_told(name) or said(name, "flood over") >= len(floods)

    def flood_nobody_reads(names):
        os.kill(town.p.process.pid, signal.SIGSTOP)
        try:
            flood(names)
            time.sleep(FLOOD_SECONDS)
        finally:
            os.kill(town.p.process.pid, signal.SIGCONT)

    with Memory(**town.pids, **shims) as memory:
        quiet, flooded = in_turn(town, neighbours_requests)
        began = time.monotonic()
        flood()
        ending = threading.Timer(FLOOD_SECONDS, over.set)
        ending.start()
        neighbours_lines()
        # The next line that is kept tells of those that were not. A fast platform keeps all that one app can print.
        for name in loud:
            until(f"the flood of {name} is kept, or what was dropped is told", lambda: is_cut_or_kept(name), 120 * SCALE, pause=1)
        kept_up = [name for name in loud if not said(name, "lines dropped here")]
        if kept_up:
            flood_nobody_reads(kept_up)
        for name in kept_up:
            until(f"what was dropped of {name} is told", lambda: is_told(name), 120 * SCALE, pause=1)
    took = time.monotonic() - began
    told("a flood of lines", apps=len(loud), kept_up=kept_up, neighbours_wait_s=waits, quiet=quiet, flooded=flooded, over_after_s=round(took, 1), platform_mib=memory.grown_mib("platform"),
         shim_mib=max(memory.grown_mib(name) for name in shims))
    assert memory.grown_mib("platform") <= PLATFORM_MIB
    assert all(memory.grown_mib(name) <= SHIM_MIB for name in shims)
    assert waits and max(waits) <= 10, waits
    assert is_fair(quiet, flooded), (quiet, flooded)
    town.recovered()
