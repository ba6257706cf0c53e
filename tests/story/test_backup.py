"""A machine is lost, and another one takes its place: backup under load, restore, and everything that a user had is there under its old name."""
import base64
import json
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from under_test import BIN, Platform, run, until

GROUP = "/mine/notes"
NAMES = {"shop/db", "/shop/url"}
VALUES = {"secret": "canary-backup-secret-5e1f0c77", "parameter": "canary-backup-parameter-91ab3d02"}


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


def keep_values(p):
    p.client("secretsmanager").create_secret(Name="shop/db", SecretString=VALUES["secret"])
    p.client("ssm").put_parameter(Name="/shop/url", Value=VALUES["parameter"], Type="SecureString")


def values(p):
    """As their readers get them."""
    parameter = p.client("ssm").get_parameter(Name="/shop/url", WithDecryption=True)["Parameter"]
    return {"secret": p.client("secretsmanager").get_secret_value(SecretId="shop/db")["SecretString"], "parameter": parameter["Value"]}


def holds_no_value(backup):
    """Nothing in a backup, unpacked, reads as a secret's value, nor does what is packed again inside. Their names do: it was read."""
    folder = backup.with_suffix(".unpacked")
    folder.mkdir()
    whole = run("sh", "-c", f"zstd -dc {backup} > {folder}/whole.tar && tar -xf {folder}/whole.tar -C {folder} && find {folder} -type f").split()
    assert len(whole) > 3, whole
    named = set()
    for path in whole:
        plain = subprocess.run(["zstd", "-dcf", path], capture_output=True, check=True).stdout
        if not path.endswith("/whole.tar"):
            named |= {name for name in NAMES if name.encode() in plain}
        for value in VALUES.values():
            for form in (value.encode(), base64.b64encode(value.encode())[:-4], value.encode().hex().encode()):
                assert form not in plain, f"{path} holds {value}"
    assert named == NAMES, named
    shutil.rmtree(folder)


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
    keep_values(p)

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

    holds_no_value(backup)

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
        assert values(q) == VALUES, "the same values, for who may read them"
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


# Bech32, in which age writes keys. Source: BIP 173.
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(prefix, key):
    groups = [int(bits.ljust(5, "0"), 2) for bits in split("".join(f"{byte:08b}" for byte in key), 5)]
    check = checksum([*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix), *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    return f"{prefix}1" + "".join(BECH32[group] for group in [*groups, *(check >> 5 * (5 - n) & 31 for n in range(6))])


def split(text, size):
    return [text[n:n + size] for n in range(0, len(text), size)]


def checksum(groups):
    check = 1
    for group in groups:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ group
        for bit, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> bit & 1 else 0
    return check


def identity(path):
    """A file as age-keygen writes it: its public key."""
    key = X25519PrivateKey.generate()
    path.write_text(f"# made for a test\n{bech32('age-secret-key-', key.private_bytes_raw()).upper()}\n")
    path.chmod(0o600)
    return bech32("age", key.public_key().public_bytes_raw())


@pytest.mark.promise("A backup with the master key in it is restored by who has the identity it was encrypted for.", "Secrets have their values.", "Nothing.")
def test_a_backup_for_a_recipient_opens_with_his_identity_and_with_no_other(platform, tmp_path):
    p = platform().start()
    keep_values(p)
    mine, anothers, backup = tmp_path / "mine", tmp_path / "anothers", tmp_path / "backup"
    recipient, _ = identity(mine), identity(anothers)
    told = json.loads(p.outrunner("backup", backup, "--master-key", "--recipient", recipient, "--json"))
    assert told["master_key"] is True
    holds_no_value(backup)
    master = (p.data / "master.key").read_bytes()
    p.stop()
    shutil.rmtree(p.data)

    second = tmp_path / "second"
    second.mkdir()
    q = Platform(second)
    refused = run(BIN / "outrunner", "restore", backup, "--data-dir", q.data, "--identity", anothers, check=False)
    assert refused.returncode != 0 and not (q.data / "master.key").exists(), refused
    run(BIN / "outrunner", "restore", backup, "--data-dir", q.data, "--identity", mine)
    assert (q.data / "master.key").read_bytes() == master
    try:
        q.start()
        assert values(q) == VALUES
    finally:
        q.stop()
