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


@pytest.mark.promise("thirty deployments in a row under load, while the platform is killed and other services come and go",
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
    load = WitnessLoad(p, front["ServiceUrl"])
    load.phase("quiet")
    time.sleep(8)
    load.phase("deployments")
    began = time.monotonic()
    for turn in range(DEPLOYMENTS):
        # Every deployment of another version; every third one with another number of instances.
        scaling = {"AutoScalingConfigurationArn": single if turn % 6 < 3 else several}
        operation = stage.begin_deployment(front, "v1" if turn % 2 else "v2", **scaling)
        if turn % 3 == 1:
            neighbours.act(turn // 3)
        if turn % 6 == 5:
            # At another moment of the deployment each time.
            time.sleep(0.1 * (turn // 6 % 5))
            p.kill()
            p.start()
        stage.until_over(front, operation)
    took = time.monotonic() - began
    counts = load.end()
    print(f"{DEPLOYMENTS} deployments in {took:.0f} s; {figures(counts, ['quiet', 'deployments'])}")
    assert stage.judge(front, counts) == []
    assert set(counts["versions"]) == {"v1", "v2"} and min(counts["versions"].values()) > DEPLOYMENTS, counts["versions"]
    until("what served before has gone", lambda: {name.split("-")[0] for name in stage.instances(front)} == {f"r{DEPLOYMENTS + 1}"}, seconds=60)
    p.stop()
