"""What dies under load takes only what it was carrying with it, each request matched to its death; and a broken drain is seen."""
import os
import socket
import ssl
import time

import pytest
from stage import Stage, WitnessLoad, figures
from under_test import until

KILLS = int(os.environ.get("OUTRUNNER_DEATHS", "2"))
# Whoever ends again and again is started again later and later: the fifth time after half a minute, as long as requests wait.
INSTANCE_KILLS = min(KILLS, 3)
# Renewed after two thirds of it: a pause of the machine that is longer than the last third would show clients one that is over.
LEAF_SECONDS = "30"
# Thirty requests a second are asked in all ways (rate 10), and the longest of them takes less than one: whoever loses more than a second's worth was
# not carrying them, but kept them waiting.
LOST_MAX = 30


def leaf(p, url):
    """The certificate that the front door shows now."""
    host, port = url.split(":")
    context = ssl.create_default_context(cafile=str(p.data / "ca.pem"))
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as tcp, context.wrap_socket(tcp, server_hostname=host) as tls:
        return tls.getpeercert(binary_form=True)


@pytest.mark.promise("an instance, the only one of its service or one of two, is killed under load, also while the platform is dead",
                     "requests on it that cannot be sent again fail (502); those that come after wait until another one answers",
                     "the requests that it was carrying")
@pytest.mark.promise("the front door is killed under load, and its certificate is renewed again and again", "what was with it breaks off; who comes then waits",
                     "the requests that it was carrying")
def test_only_what_the_dead_were_carrying_is_lost(platform, images):
    p = platform(env={"OUTRUNNER_LEAF_SECONDS": LEAF_SECONDS}).start()
    p.allow(r"edge::(keeper|process)")
    stage = Stage(p, images)
    pair = stage.running("pair", AutoScalingConfigurationArn=stage.scaling("pair", 2, 2))
    alone = stage.running("alone", AutoScalingConfigurationArn=stage.scaling("alone", 1, 1))
    services = [pair, alone]
    loads = [WitnessLoad(p, service["ServiceUrl"], rate=10) for service in services]
    shown = {leaf(p, pair["ServiceUrl"])}
    time.sleep(3)
    for turn in range(INSTANCE_KILLS):
        for load in loads:
            load.phase("instances die")
        for service in services:
            short = sorted(stage.instances(service))[-1 if turn % 2 else 0]
            if turn == INSTANCE_KILLS - 1 and service is alone:
                p.kill()
            stage.kill_instance(service, short)
            if p.process.poll() is not None:
                time.sleep(0.5)
                p.start()
        for service, least in ((pair, 2), (alone, 1)):
            until("as many run as before", lambda: len(stage.instances(service)) == least, seconds=60)
        until("it answers", lambda: p.https(alone["ServiceUrl"], "/plain", timeout=60)[0] == 200, seconds=60)
        shown.add(leaf(p, pair["ServiceUrl"]))
    for _ in range(KILLS):
        # What waited for an instance is through: a front door's death is judged by what it carries at any time.
        for service in services:
            until("answers come at once", lambda: all(stage.answers_within(service, 0.5) for _ in range(5)), seconds=60)
        for load in loads:
            load.phase("front doors die")
        stage.kill_edge()
        time.sleep(1.5)
    until("the certificate was renewed", lambda: len(shown | {leaf(p, pair["ServiceUrl"])}) > 1, seconds=90, pause=0.2)
    for service, load in zip(services, loads):
        counts = load.end()
        print(service["ServiceName"], figures(counts, ["all", "instances die", "front doors die"]))
        excused = stage.judge(service, counts, doors_lose_max=LOST_MAX)
        print(f"{len(excused)} were lost with the dead: {[(failure['way'], failure['status'], kill.what) for failure, _, kill in excused]}")
    p.stop()


def test_a_drain_that_is_broken_on_purpose_is_seen(platform, images):
    p = platform(env={"OUTRUNNER_BREAK": "drain"}).start()
    stage = Stage(p, images)
    front = stage.running("front")
    load = WitnessLoad(p, front["ServiceUrl"], ways={"slow": 10, "keep_alive": 20, "upload": 4, "long": 8})
    for turn in range(2):
        stage.deploy(front, "v1" if turn % 2 else "v2")
        time.sleep(0.5)
    counts = load.end()
    lost = {failure["way"] for failure in counts["failures"]}
    print(f"{len(counts['failures'])} were lost: {sorted(lost)}")
    assert lost & {"slow", "long"}, "an instance that was stopped under its requests"
    with pytest.raises(AssertionError, match="nobody's death excuses"):
        stage.judge(front, counts)
    p.stop()
