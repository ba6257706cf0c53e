"""The platform dies while it makes an instance ahead: after the restart there is one. Deaths at every step of every operation are in test_kills.py.

Debug builds abort at OUTRUNNER_ABORT_AT=<name>#<n>; release builds contain none of it.
"""
import pytest

from under_test import until


def prepared(platform, images):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    return p


def died(p, abort_at):
    until(f"the platform dies at {abort_at}", lambda: p.process.poll() is not None, seconds=20)
    assert p.process.returncode == -6, p.process.returncode
    p.start()


@pytest.mark.parametrize("abort_at", ["effect.create.before#1", "effect.create.after#1"])
def test_one_instance_is_made_ahead_after_a_death_at(platform, images, abort_at):
    p = prepared(platform, images)
    p.terminate()
    p.extra_env = {"OUTRUNNER_ABORT_AT": abort_at, "OUTRUNNER_SPARES": "16"}
    p.start()
    arn = p.create("webs", "hello:v1")["Service"]["ServiceArn"]
    p.extra_env = {"OUTRUNNER_SPARES": "16"}
    died(p, abort_at)
    until("it is made", lambda: list(p.made_ahead()) == ["r1-1"], seconds=90)
    assert p.status(arn) == "RUNNING" and len(p.instances()) == 2
    p.client("apprunner").delete_service(ServiceArn=arn)
    until("nothing of it stays", lambda: p.instances() == [])
    p.stop()
