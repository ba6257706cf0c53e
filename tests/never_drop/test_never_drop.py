"""Requests that never fail, whatever we do to what stands behind them: real containers, real load in nine ways, and not one failure that is not one of ours.

OUTRUNNER_DEPLOYMENTS says how many deployments; `make soak PART=deployments` asks for a thousand.
"""
import os
import time

import pytest
from stage import Stage, WitnessLoad, figures
from under_test import until

DEPLOYMENTS = int(os.environ.get("OUTRUNNER_DEPLOYMENTS", "30"))


class Neighbours:
    """Other services and repositories, that come, rest and go."""

    def __init__(self, stage):
        self.stage, self.p = stage, stage.p
        self.rests = stage.running("rests")
        self.passing = None

    def act(self, turn):
        act = [self.pause, self.resume, self.push, self.create, self.delete][turn % 5]
        act(turn)

    def pause(self, _):
        self.p.client("apprunner").pause_service(ServiceArn=self.rests["ServiceArn"])
        self.p.until_status(self.rests["ServiceArn"], "PAUSED")

    def resume(self, _):
        self.p.client("apprunner").resume_service(ServiceArn=self.rests["ServiceArn"])
        self.p.until_status(self.rests["ServiceArn"], "RUNNING")

    def push(self, turn):
        ecr = self.p.client("ecr")
        name = f"passing{turn}"
        ecr.create_repository(repositoryName=name)
        self.p.push(f"{self.p.folder}/layout", "v1", f"{name}:v1")
        ecr.delete_repository(repositoryName=name, force=True)

    def create(self, turn):
        self.passing = self.stage.running(f"passing{turn}", "v2")

    def delete(self, _):
        if self.passing:
            self.p.client("apprunner").delete_service(ServiceArn=self.passing["ServiceArn"])


def grows(stage, service):
    """A burst: more instances."""
    burst = WitnessLoad(stage.p, service["ServiceUrl"], ways={"slow": 25})
    until("more instances run", lambda: len(stage.instances(service)) == 3, seconds=60)
    assert stage.judge(service, burst.end()) == []


@pytest.mark.promise("thirty deployments in a row under load, while services grow and shrink, others come and go, and the platform is killed",
                     "every answer, of the old version or of the new one", "nothing")
def test_deployments_drop_nothing(platform, images):
    p = platform().start()
    stage = Stage(p, images)
    layout, _ = images("witness", tag="v1")
    (p.folder / "layout").symlink_to(layout)
    several = stage.scaling("several", 2, 4)
    single = stage.scaling("single", 1, 4)
    front = stage.running("front", AutoScalingConfigurationArn=several)
    neighbours = Neighbours(stage)
    elastic = stage.running("elastic", AutoScalingConfigurationArn=stage.scaling("elastic", 1, 3, concurrency=4))
    always = WitnessLoad(p, elastic["ServiceUrl"], ways={"slow": 1, "keep_alive": 3, "upload": 0.5})
    grows(stage, elastic)
    load = WitnessLoad(p, front["ServiceUrl"])
    load.phase("quiet")
    time.sleep(4)
    load.phase("deployments")
    began = time.monotonic()
    for turn in range(DEPLOYMENTS):
        # Every deployment of another version; every third one with another number of instances.
        scaling = {"AutoScalingConfigurationArn": single if turn % 6 < 3 else several}
        operation = stage.begin_deployment(front, "v1" if turn % 2 else "v2", **scaling)
        if turn % 3 == 1:
            neighbours.act(turn // 3)
        # Not towards the end: a platform that has just started looks for a minute before it takes an instance away.
        if turn % 3 == 2 and turn % 30 < 15:
            # At another moment of the deployment each time.
            time.sleep(0.1 * (turn // 3 % 5))
            p.kill()
            p.start()
        stage.until_over(front, operation)
    took = time.monotonic() - began
    counts = load.end()
    print(f"{DEPLOYMENTS} deployments in {took:.0f} s; {figures(counts, ['quiet', 'deployments'])}")
    assert stage.judge(front, counts) == []
    assert set(counts["versions"]) == {"v1", "v2"} and min(counts["versions"].values()) > DEPLOYMENTS, counts["versions"]
    until("the other one shrinks under load", lambda: len(stage.instances(elastic)) == 1, seconds=120)
    assert stage.judge(elastic, always.end()) == []
    until("what served before has gone", lambda: {name.split("-")[0] for name in stage.instances(front)} == {f"r{DEPLOYMENTS + 1}"}, seconds=60)
    p.stop()


@pytest.mark.promise("an application closes silent connections after a second, or every few answers without a word", "every answer", "nothing")
def test_connections_that_an_application_closes_by_itself_cost_nothing(platform, images):
    p = platform().start()
    stage = Stage(p, images, tags=("v1",))
    # What is not repeated takes no connection that was silent for half of this.
    silent = stage.running("silent", variables={"IDLE_MS": "1000"})
    # Just when the next request comes: only what can be sent again is safe.
    hasty = stage.running("hasty", variables={"ANSWERS": "5"})
    loads = {
        "silent": WitnessLoad(p, silent["ServiceUrl"], ways={"keep_alive": 3, "http2": 3, "upload": 2, "upload_http2": 2}),
        "hasty": WitnessLoad(p, hasty["ServiceUrl"], ways={"keep_alive": 30, "http2": 30, "slow": 4, "download": 5}),
    }
    time.sleep(8)
    for service in (silent, hasty):
        assert stage.judge(service, loads[service["ServiceName"]].end()) == []
    p.stop()
