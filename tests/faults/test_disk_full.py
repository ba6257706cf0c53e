"""The disk of the data dir is full, at every write: a small ext4 of its own, filled to leave a few KiB less each time.

What was acknowledged is there after a restart, what was refused is not, running services answer, and all goes on when there is room again, without a restart.
"""
import base64
import hashlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from under_test import run, until

DISK_MIB = 192
# What is left on the disk, in KiB, for a round of calls each: from nothing to what a whole round needs.
LEFT_KIB = [0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024]
if not os.environ.get("OUTRUNNER_EVERY_MOMENT"):
    LEFT_KIB = LEFT_KIB[::2]
# Whatever is told has this cause.
TROUBLE = (
    r"(WARN|ERROR) .*(No space left on device|disk is full|no storage space)",
    # What instances write into lies in a file that grows: when that finds no room, the kernel lets nobody write there any more.
    r"ERROR .*the pool that instances write into (cannot be taken over|is read-only); another one is made",
    r"WARN .*no place can be made ahead for what instances write .*Input/output error",
)
# The same for calls about services, each of which has instances of its own.
SERVICES_LEFT_KIB = [0, 8, 24, 64, 256] if os.environ.get("OUTRUNNER_EVERY_MOMENT") else [0, 24]
FULL = "The platform's disk is full"
# Renewed after two thirds of it.
LEAF_SECONDS = 12


class SmallDisk:
    def __init__(self, folder, mounted_at):
        self.image, self.mounted_at = folder / "disk.ext4", mounted_at
        mounted_at.mkdir()
        run("truncate", "-s", f"{DISK_MIB}M", self.image)
        # No part is kept back for root, which the platform is.
        run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)
        run("mount", "-o", "loop", self.image, mounted_at)
        (mounted_at / "lost+found").rmdir()
        mounted_at.chmod(0o711)
        self.filler = mounted_at / "filler"

    def left(self):
        disk = os.statvfs(self.mounted_at)
        return disk.f_bavail * disk.f_frsize

    def leave(self, kib):
        """Fills the disk until so much is left."""
        self.free()
        # Without a buffer: what found no room would be written once more when the file is closed.
        with open(self.filler, "wb", buffering=0) as filler:
            until_left = kib * 1024
            os.posix_fallocate(filler.fileno(), 0, max(4096, self.left() - until_left - 65536))
            while self.left() > until_left:
                try:
                    filler.seek(0, 2)
                    filler.write(bytes(4096))
                    os.fsync(filler.fileno())
                except OSError:
                    break

    def free(self):
        self.filler.unlink(missing_ok=True)
        # ext4 gives blocks back when its journal is written.
        run("sync", "-f", self.mounted_at)

    def end(self):
        subprocess.run(["umount", "--lazy", self.mounted_at], check=False)
        left = lambda: [line for line in run("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE").splitlines() if str(self.image.parent) in line]
        until("no loop device of this disk, or of a file on it, is left", lambda: not left(), 60)


@pytest.fixture
def disk(tmp_path):
    made = SmallDisk(tmp_path, tmp_path / "data")
    yield made
    made.end()


@pytest.fixture
def p(platform, disk):
    made = platform()
    made.allow(*TROUBLE)
    yield made
    disk.free()
    # Also a platform that has died: its instances hold mounts and loop devices below the disk, which goes away next.
    if made.process is not None:
        made.stop()


def health(p):
    try:
        with urllib.request.urlopen(f"http://{p.run_file()['api']}/healthz", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def noise(seed, size):
    """Bytes that do not compress, the same for the same seed."""
    return b"".join(hashlib.sha256(f"{seed} {n}".encode()).digest() for n in range(size // 32))


class Calls:
    """One round of changing calls, and what became of each."""

    def __init__(self, p):
        self.p, self.kept, self.refused, self.words = p, {}, {}, set()
        p.login()
        self.password = p.aws("ecr", "get-login-password").strip()
        self.clients = {name: p.client(name) for name in ("ecr", "iam", "apprunner", "logs")}

    def call(self, kind, name, call, **words):
        try:
            call(**words)
        except ClientError as error:
            answer = error.response
            assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500, answer
            self.words.add(answer["Error"]["Message"])
            self.refused.setdefault(kind, set()).add(name)
            return False
        self.kept.setdefault(kind, set()).add(name)
        return True

    def http(self, method, path, data=None, kind=None):
        request = urllib.request.Request(f"http://{self.p.registry_host()}{path}", data=data, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(f"AWS:{self.password}".encode()).decode())
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def blob(self, name, data):
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        status, words = self.http("POST", f"/v2/hello/blobs/uploads/?digest={digest}", data, "application/octet-stream")
        if status == 201:
            self.kept.setdefault("blob", set()).add(digest)
            return True
        assert status == 503, (status, words)
        self.words.add(json.loads(words)["errors"][0]["message"].split(" The request id")[0])
        self.refused.setdefault("blob", set()).add(digest)
        return False

    def manifest(self, name):
        config = json.dumps({"name": name}).encode()
        if not self.blob(name, config):
            return
        described = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": f"sha256:{hashlib.sha256(config).hexdigest()}", "size": len(config)}
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": described, "layers": []}
        status, words = self.http("PUT", f"/v2/hello/manifests/{name}", json.dumps(manifest).encode(), manifest["mediaType"])
        assert status in (201, 503), (status, words)
        (self.kept if status == 201 else self.refused).setdefault("tag", set()).add(name)

    def round(self, name):
        ecr, iam, apprunner, logs = (self.clients[one] for one in ("ecr", "iam", "apprunner", "logs"))
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "build.apprunner.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        self.call("repository", f"r-{name}", ecr.create_repository, repositoryName=f"r-{name}")
        self.call("role", f"role-{name}", iam.create_role, RoleName=f"role-{name}", AssumeRolePolicyDocument=json.dumps(trust))
        # An account has a hundred of them at most.
        if len(self.kept.get("scaling", ())) < 90:
            self.call("scaling", f"asc-{name}", apprunner.create_auto_scaling_configuration, AutoScalingConfigurationName=f"asc-{name}")
        self.blob(name, noise(name, 30_000))
        self.manifest(f"t-{name}")
        lines = [{"timestamp": int(time.time() * 1000), "message": noise(name, 20_000).hex()}]
        self.call("line", lines[0]["message"], logs.put_log_events, logGroupName="mine", logStreamName="s", logEvents=lines)

    def judge(self):
        ecr, iam, apprunner, logs = (self.p.client(one) for one in ("ecr", "iam", "apprunner", "logs"))

        def all_of(client, operation, member, name, **words):
            return {one.get(name) for page in client.get_paginator(operation).paginate(**words) for one in page[member]}

        there = {
            "repository": all_of(ecr, "describe_repositories", "repositories", "repositoryName"),
            "role": all_of(iam, "list_roles", "Roles", "RoleName"),
            # At most a hundred.
            "scaling": {one["AutoScalingConfigurationName"] for one in apprunner.list_auto_scaling_configurations(MaxResults=100)["AutoScalingConfigurationSummaryList"]},
            "tag": all_of(ecr, "list_images", "imageIds", "imageTag", repositoryName="hello"),
            "line": all_of(logs, "filter_log_events", "events", "message", logGroupName="mine"),
            "blob": {digest for digest in self.kept.get("blob", set()) | self.refused.get("blob", set())
                     if self.http("GET", f"/v2/hello/blobs/{digest}")[0] == 200},
        }
        for kind, names in self.kept.items():
            assert names <= there[kind], (kind, names - there[kind])
        for kind, names in self.refused.items():
            assert not names - self.kept.get(kind, set()) & there[kind], (kind, names & there[kind])
        return {kind: len(names) for kind, names in self.refused.items()}


def printed_and_dropped(p, service):
    """Of a service's lines: how many are there, and how many are said to have found no room."""
    group = f"/aws/apprunner/webs/{service['ServiceId']}/application"
    lines = [event["message"] for event in p.client("logs").filter_log_events(logGroupName=group, limit=10000)["events"]]
    dropped = [int(line.split()[1]) for line in lines if " lines dropped here: the disk did not take them" in line]
    return sum(line.startswith("GET / ") for line in lines), sum(dropped)


@pytest.mark.promise(
    "The disk of the data dir is full, at any write.",
    "Changing calls and pushes fail with words that say so; services go on answering; /healthz says it; all works again when there is room, without a restart.",
    "Nothing that was acknowledged. Of what services print, what finds no room is dropped, and a line counts it.",
)
def test_whatever_finds_no_room_is_refused_whole_and_all_goes_on_when_there_is_room(p, disk, images):
    p.start()
    p.offer(images("hello")[0])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    logs = p.client("logs")
    logs.create_log_group(logGroupName="mine")
    logs.create_log_stream(logGroupName="mine", logStreamName="s")
    calls = Calls(p)
    calls.round("before")
    assert not calls.refused and health(p) == (200, "ok\n")
    asked = 0
    for kib in LEFT_KIB:
        disk.leave(kib)
        calls.round(f"{kib}")
        for _ in range(20):
            assert p.https(service["ServiceUrl"])[0] == 200
            asked += 1
        status, words = health(p)
        assert status == 503 and "the disk is full" in words, words
        disk.free()
        assert health(p) == (200, "ok\n")
        assert calls.call("repository", f"r-after-{kib}", p.client("ecr").create_repository, repositoryName=f"r-after-{kib}"), "it goes on at once"
    calls.round("after")
    assert p.https(service["ServiceUrl"])[0] == 200
    until("each line is there or counted", lambda: printed_and_dropped(p, service)[0] + printed_and_dropped(p, service)[1] == asked + 1)
    print("lines printed, dropped:", printed_and_dropped(p, service))
    counts = calls.judge()
    print("refused:", counts, "of", len(LEFT_KIB), "rounds;", calls.words)
    assert calls.words == {f"{FULL}: nothing was changed. Free space where its data dir is, and try again."}
    # Each kind of write met the full disk at least once.
    assert set(counts) >= {"repository", "role", "scaling", "blob", "line"}, counts
    p.kill()
    p.start()
    assert calls.judge() == counts
    until("the service answers", lambda: p.https(service["ServiceUrl"])[0] == 200)


class Subjects:
    """Running services, one for each call that changes one, and what became of the calls."""

    CALLS = {"update": "RUNNING", "pause": "PAUSED", "delete": None}

    def __init__(self, p, name):
        self.p, self.name, self.client = p, name, p.client("apprunner")
        self.arns = {kind: self.running(f"{kind}-{name}") for kind in self.CALLS}
        self.before = {kind: self.looked_at(arn) for kind, arn in self.arns.items()}
        self.kept, self.words = set(), set()

    def running(self, name):
        """Also where the kernel has closed the pool since the last round: another one is made."""
        arn = self.p.create(name, "hello:v1")["Service"]["ServiceArn"]
        self.p.until_status(arn, "RUNNING", 60)
        return arn

    def looked_at(self, arn):
        """What a refused call must not have touched."""
        found = self.client.describe_service(ServiceArn=arn)["Service"]
        operations = self.client.list_operations(ServiceArn=arn)["OperationSummaryList"]
        return found["Status"], found["UpdatedAt"], found["InstanceConfiguration"]["Memory"], [one["Id"] for one in operations]

    def call(self, kind, call, **words):
        try:
            call(**words)
            self.kept.add(kind)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 500, error.response
            self.words.add(error.response["Error"]["Message"])

    def round(self):
        self.call("create", lambda: self.p.create(f"create-{self.name}", "hello:v1"))
        self.call("update", self.client.update_service, ServiceArn=self.arns["update"], InstanceConfiguration={"Memory": "1024"})
        self.call("pause", self.client.pause_service, ServiceArn=self.arns["pause"])
        self.call("delete", self.client.delete_service, ServiceArn=self.arns["delete"])

    def judge(self):
        """There is room again."""
        made = {one["ServiceName"]: one["ServiceArn"] for one in self.client.list_services()["ServiceSummaryList"]}
        assert (f"create-{self.name}" in made) == ("create" in self.kept), made
        if "create" in self.kept:
            self.p.until_status(made[f"create-{self.name}"], "RUNNING", 60)
            self.arns["create"] = made[f"create-{self.name}"]
        for kind, status in self.CALLS.items():
            arn = self.arns[kind]
            if kind not in self.kept:
                assert self.looked_at(arn) == self.before[kind], kind
            elif status:
                self.p.until_status(arn, status, 60)
            else:
                until("it is deleted", lambda: f"{kind}-{self.name}" not in {one["ServiceName"] for one in self.client.list_services()["ServiceSummaryList"]}, 60)
        if "update" in self.kept:
            assert self.looked_at(self.arns["update"])[2] == "1024"

    def end(self):
        for kind, arn in self.arns.items():
            if kind != "delete" or kind not in self.kept:
                self.client.delete_service(ServiceArn=arn)
        until("they are gone", lambda: [one["ServiceName"] for one in self.client.list_services()["ServiceSummaryList"]] == ["webs"], 60)


@pytest.mark.promise(
    "Services are created, updated, paused or deleted while the disk is full.",
    "The call fails with words that say so, or is done as soon as there is room; running services answer all the while.",
    "Nothing: what was refused is as it was before, what was accepted is done.",
)
def test_service_calls_on_a_full_disk_are_refused_whole_or_done_when_there_is_room(p, disk, images):
    p.start()
    p.offer(images("hello")[0])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    # What runs and finds no room to write into ends otherwise than it should; it is replaced when there is room.
    p.allow("(WARN|ERROR) .*Read-only file system")
    refused, kept = set(), set()
    for kib in SERVICES_LEFT_KIB:
        subjects = Subjects(p, f"{kib}")
        disk.leave(kib)
        subjects.round()
        assert p.https(service["ServiceUrl"])[0] == 200
        disk.free()
        assert health(p) == (200, "ok\n")
        subjects.judge()
        assert subjects.words <= {f"{FULL}: nothing was changed. Free space where its data dir is, and try again."}, subjects.words
        refused |= {"create", *subjects.CALLS} - subjects.kept
        kept |= subjects.kept
        subjects.end()
    print("refused:", refused, "kept:", kept)
    assert refused == {"create", *Subjects.CALLS}, refused
    until("the service answers", lambda: p.https(service["ServiceUrl"])[0] == 200)


@pytest.mark.promise(
    "There is no room for what a new image unpacks.",
    "The deployment waits and goes on by itself when there is room; the old version answers all the while.",
    "Nothing; no half of a layer is left.",
)
def test_a_deployment_that_finds_no_room_goes_on_when_there_is_some(p, disk, images, tmp_path):
    p.start()
    layout, _ = images("hello")
    p.offer(layout)
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    # Small when it is pushed, large when it is unpacked.
    large = tmp_path / "large"
    large.write_bytes(b"large" * (8 << 20))
    layout, _ = images("hello", tag="v2", flags=(f"{large}=/large",))
    p.push(layout, "v2", "hello:v2")
    disk.leave(20 << 10)
    layers = set(os.listdir(p.data / "layers"))
    source = {"ImageRepository": {"ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v2", "ImageRepositoryType": "ECR",
                                  "ImageConfiguration": {"Port": "8080"}}, "AutoDeploymentsEnabled": False}
    p.client("apprunner").update_service(ServiceArn=service["ServiceArn"], SourceConfiguration=source)
    until("it found no room", lambda: "No space left on device" in p.log(), seconds=40)
    assert p.https(service["ServiceUrl"])[0] == 200
    assert set(os.listdir(p.data / "layers")) - layers <= {name for name in os.listdir(p.data / "layers") if name.startswith(".")}, os.listdir(p.data / "layers")
    disk.free()
    p.until_status(service["ServiceArn"], "RUNNING", seconds=60)
    [last] = p.client("apprunner").list_operations(ServiceArn=service["ServiceArn"])["OperationSummaryList"][:1]
    assert last["Status"] == "SUCCEEDED", last


@pytest.mark.promise(
    "A certificate is renewed while the disk is full.",
    "Clients see one that is good all the while; it is kept as soon as there is room.",
    "Nothing.",
)
def test_a_certificate_that_finds_no_room_is_shown_all_the_same(p, disk, images):
    p.extra_env["OUTRUNNER_LEAF_SECONDS"] = f"{LEAF_SECONDS}"
    p.allow("WARN .*a certificate could not be kept; it is presented until the next one is made")
    # The kernel has closed the pool that instances write into; the next start replaces it, and this platform is not started again.
    p.allow("ERROR .*an instance did not end as it should .*Read-only file system")
    p.start()
    p.offer(images("hello")[0])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    disk.leave(0)
    began = time.monotonic()
    while time.monotonic() < began + 1.5 * LEAF_SECONDS:
        # The client trusts our authority, and looks at dates.
        assert p.https(service["ServiceUrl"])[0] == 200
        time.sleep(0.2)
    assert "a certificate could not be kept" in p.log()
    disk.free()
    assert p.https(service["ServiceUrl"])[0] == 200 and health(p) == (200, "ok\n")


@pytest.mark.promise(
    "A platform is started the first time where there is no room.",
    "It ends with one line that says so; the next start, with room, works.",
    "Nothing.",
)
def test_a_first_start_without_room_says_so_and_the_next_one_works(p, disk):
    refusals = 0
    for kib in (0, 4, 8, 16, 32, 64, 128, 256):
        disk.leave(kib)
        p.start(wait=False)
        if until("it is ready or ends", lambda: p.process.poll() is not None or ready(p), seconds=30) and p.process.poll() is None:
            p.terminate()
            continue
        assert p.process.returncode == 1
        said = p.log().splitlines()[-1]
        assert "No space left on device" in said or "disk is full" in said or "no storage space" in said, said
        assert "ree space" in said, said
        refusals += 1
    assert refusals >= 2
    disk.free()
    p.start()
    assert [name for name in os.listdir(p.data) if name.startswith(".")] == [], "nothing unfinished stays"
    p.client("ecr").create_repository(repositoryName="hello")


def ready(p):
    try:
        return p.run_file()["pid"] == p.process.pid
    except (OSError, ValueError):
        return False
