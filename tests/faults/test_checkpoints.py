"""The platform dies at each checkpoint of a create and of a delete: after the restart the operation completes, once.

Debug builds abort at OUTRUNNER_ABORT_AT=<name>#<n>; release builds contain none of it.
"""
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from under_test import until

CREATE = [
    "commit.begin.before#1", "commit.begin.after#1", "effect.resolve.before#1", "commit.pin.before#1", "commit.pin.after#1",
    "effect.start.before#1", "effect.start.after#1", "commit.absorb.before#1", "commit.absorb.after#1",
    "effect.publish.before#1", "effect.publish.after#1", "commit.absorb.before#2", "commit.absorb.after#2",
]
# The start before the delete publishes once as an effect: when the instance is ready.
DELETE = [
    "commit.begin.before#1", "commit.begin.after#1", "effect.publish.before#2", "effect.publish.after#2", "effect.stop.before#1",
    "effect.stop.after#1", "effect.discard.before#1", "effect.discard.after#1", "commit.absorb.before#1", "commit.absorb.after#1",
]


def prepared(platform, images):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    return p


def restart(p, abort_at):
    p.terminate()
    p.extra_env = {"OUTRUNNER_ABORT_AT": abort_at}
    p.start()
    p.extra_env = {}


def died(p, abort_at):
    until(f"the platform dies at {abort_at}", lambda: p.process.poll() is not None, seconds=20)
    assert p.process.returncode == -6, p.process.returncode
    p.start()


@pytest.mark.parametrize("abort_at", CREATE)
def test_a_create_completes_after_a_death_at(platform, images, abort_at):
    p = prepared(platform, images)
    restart(p, abort_at)
    try:
        p.create("webs", "hello:v1")
    except (BotoCoreError, ClientError):
        pass
    died(p, abort_at)
    services = p.client("apprunner").list_services()["ServiceSummaryList"]
    if abort_at == "commit.begin.before#1":
        assert services == [], "nothing was promised, nothing is there"
    else:
        [service] = services
        p.until_status(service["ServiceArn"], "RUNNING")
        operations = p.client("apprunner").list_operations(ServiceArn=service["ServiceArn"])["OperationSummaryList"]
        assert [o["Status"] for o in operations] == ["SUCCEEDED"]
        assert len(p.instances()) == 1, "no second instance"
        assert p.https(service["ServiceUrl"])[0] == 200
    p.stop()


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


@pytest.mark.parametrize("abort_at", DELETE)
def test_a_delete_completes_after_a_death_at(platform, images, abort_at):
    p = prepared(platform, images)
    created = p.create("webs", "hello:v1", Tags=[{"Key": "outrunner:stop-grace", "Value": "2s"}])["Service"]
    arn = created["ServiceArn"]
    p.until_status(arn, "RUNNING")
    restart(p, abort_at)
    # Answered by its instance: published, so that the next publication is the delete's.
    until("the service is there again", lambda: p.https(created["ServiceUrl"])[0] == 200)
    try:
        p.client("apprunner").delete_service(ServiceArn=arn)
    except (BotoCoreError, ClientError):
        pass
    died(p, abort_at)
    if abort_at == "commit.begin.before#1":
        assert p.status(arn) == "RUNNING", "nothing was promised, nothing has changed"
    else:
        p.until_status(arn, "DELETED")
        until("no orphan stays", lambda: p.instances() == [])
    p.stop()
