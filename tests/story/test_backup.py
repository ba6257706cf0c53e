"""A machine is lost, and another one takes its place: backup under load, restore, and everything that a user had is there under its old name."""
import json
import shutil

import pytest

from under_test import BIN, Platform, run, until

GROUP = "/mine/notes"


def secrets(p):
    """What must be the same afterwards, byte for byte."""
    return {name: (p.data / name).read_bytes() for name in ("ca.pem", "registry-ca.pem", "credentials", "master.key")}


def seen_by_aws(p, services):
    """What clients show of everything that was made."""
    app_runner, ecr, logs, iam = p.client("apprunner"), p.client("ecr"), p.client("logs"), p.client("iam")
    answers = [p.aws("apprunner", "describe-service", "--service-arn", service["ServiceArn"]) for service in services]
    found = [app_runner.list_operations(ServiceArn=service["ServiceArn"]) for service in services]
    found += [iam.get_role(RoleName="puller"), iam.list_attached_role_policies(RoleName="puller")]
    found += [ecr.describe_repositories(), ecr.describe_images(repositoryName="hello")]
    found += [logs.describe_log_groups(logGroupNamePrefix=GROUP), p.client("sts").get_caller_identity()]
    return answers + [{name: value for name, value in answer.items() if name != "ResponseMetadata"} for answer in found]


def printed(p, service):
    arn = service["ServiceArn"].split("/")
    group = f"/aws/apprunner/{arn[1]}/{arn[2]}/application"
    found = p.client("logs").filter_log_events(logGroupName=group, filterPattern="listens")["events"]
    return [(event["timestamp"], event["message"]) for event in found]


@pytest.mark.promise(
    "The machine is lost; a backup of it is restored on another one.",
    "Services answer by their names with the same certificates and credentials; what was paused stays paused.",
    "What happened after the backup was begun.",
)
def test_a_backup_taken_under_load_brings_everything_back_on_another_machine(platform, images, tmp_path):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    role = p.role("puller", attach=["arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"])
    services = [p.create("webs", "hello:v1", role=role)["Service"], p.create("rests", "hello:v1")["Service"]]
    for service in services:
        p.until_status(service["ServiceArn"], "RUNNING")
    webs, rests = services
    p.client("apprunner").pause_service(ServiceArn=rests["ServiceArn"])
    p.until_status(rests["ServiceArn"], "PAUSED")
    p.aws("logs", "create-log-group", "--log-group-name", GROUP)
    p.aws("logs", "put-retention-policy", "--log-group-name", GROUP, "--retention-in-days", "7")
    lines = until("its lines are found", lambda: printed(p, webs))

    phrase, backup = tmp_path / "phrase", tmp_path / "backup"
    phrase.write_text("correct horse battery staple\n")
    load = p.load(webs["ServiceUrl"], seconds=None)
    told = json.loads(p.outrunner("backup", backup, "--logs", "--master-key", "--passphrase-file", phrase, "--json"))
    counts = load.end()
    assert [counts[way]["failures"] for way in ("keep_alive", "new_connection", "http2")] == [[], [], []], counts
    assert (told["blobs"], told["log_lines"], told["master_key"]) == (3, True, True) and backup.stat().st_mode & 0o777 == 0o600
    piped = run("sh", "-c", f"{BIN}/outrunner backup - --data-dir {p.data} | zstd -dc | tar -t").split()
    assert piped[0] == "backup.json" and piped[-1] == "backup.end.json" and "master.key.age" not in piped, piped
    assert json.loads(p.outrunner("check", "--json"))["findings"] == [], "a running one is looked at too"

    kept, shown = secrets(p), seen_by_aws(p, services)
    p.stop()
    shutil.rmtree(p.data)

    second = tmp_path / "second"
    second.mkdir()
    q = Platform(second, *p.flags)
    words = [BIN / "outrunner", "restore", backup, "--data-dir", q.data, "--passphrase-file", phrase]
    assert "Start it: sudo outrunner serve" in run(*words)
    try:
        q.start()
        until("the service answers by its old URL", lambda: answers(q, webs["ServiceUrl"]))
        assert secrets(q) == kept
        assert seen_by_aws(q, services) == shown
        assert q.status(rests["ServiceArn"]) == "PAUSED"
        assert printed(q, webs)[: len(lines)] == lines, "what it printed in its former life is found"
        q.client("apprunner").resume_service(ServiceArn=rests["ServiceArn"])
        q.until_status(rests["ServiceArn"], "RUNNING")
        assert q.https(rests["ServiceUrl"])[0] == 200
        q.login()
        q.push(layout, "v1", "hello:v2")
    finally:
        q.stop()
    assert json.loads(q.outrunner("check", "--json"))["findings"] == []


def answers(p, url):
    try:
        return p.https(url)[0] == 200
    except OSError:
        return False


def test_without_log_lines_and_with_the_key_in_hand(platform, images, tmp_path):
    """The smallest backup: no lines, no key. What happened to a service is told all the same, and other ports are as good."""
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    webs = p.create("webs", "hello:v1")["Service"]
    p.until_status(webs["ServiceArn"], "RUNNING")
    p.stop()
    backup, key = tmp_path / "backup", tmp_path / "master.key"
    said = p.outrunner("backup", backup)
    assert "The master key is not in it: keep a copy of" in said
    shutil.copy(p.data / "master.key", key)
    shutil.rmtree(p.data)
    second = tmp_path / "second"
    second.mkdir()
    q = Platform(second)
    run(BIN / "outrunner", "restore", backup, "--data-dir", q.data, "--master-key", key)
    try:
        q.start()
        url = q.client("apprunner").describe_service(ServiceArn=webs["ServiceArn"])["Service"]["ServiceUrl"]
        assert url.split(":")[0] == webs["ServiceUrl"].split(":")[0]
        until("the service answers", lambda: answers(q, url))
        assert "Service creation completed successfully" in q.events("webs")
        arn = webs["ServiceArn"].split("/")
        group = f"/aws/apprunner/{arn[1]}/{arn[2]}/service"
        told = lambda: "creation completed" in str(q.client("logs").filter_log_events(logGroupName=group)["events"])
        until("its group tells it again", told)
    finally:
        q.stop()
