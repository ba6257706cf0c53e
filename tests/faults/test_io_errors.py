"""The disk under the data dir fails (EIO) at a chosen file: nothing that failed is acknowledged, nothing acknowledged is lost, and all goes on when it works again.

The disk is `faulty_disk.py`; instances' layers and scratch are beside it, where the kernel maps ids.
"""
import os

import pytest
from botocore.exceptions import ClientError

from faulty_disk import FaultyDisk, records
from test_disk_full import FULL, Calls
from under_test import CommandFailed, run, until

# What the engine mounts and maps by itself, which is no matter of this disk.
BESIDE = ("layers", "scratch")
# Where a push meets the disk; the others are for the soak.
PUSH_FAILS = [("fsync", "uploads/*"), ("rename", "blobs/*")]
if os.environ.get("OUTRUNNER_EVERY_MOMENT"):
    PUSH_FAILS += [("write", "uploads/*"), ("fsync", "blobs/*"), ("create", "uploads/*"), ("create", "blobs/*"), ("truncate", "uploads/*"), ("open", "uploads/*")]
# Whatever is told has this cause.
TROUBLE = (r"(WARN|ERROR) .*(Input/output error|disk I/O error|No space left on device|no storage space|disk is full)",)
# Of the writes of a round of calls, those that find no room: in the soak each in turn, otherwise one in so many.
WRITES_APART = 1 if os.environ.get("OUTRUNNER_EVERY_MOMENT") else 40
WRITES_MAX = 2000


@pytest.fixture
def disk(tmp_path):
    made = FaultyDisk(tmp_path / "disk", tmp_path / "data")
    made.beside(*BESIDE)
    yield made
    made.end()


@pytest.fixture
def p(platform, disk):
    made = platform()
    made.allow(*TROUBLE)
    try:
        made.start()
        yield made
    finally:
        disk.heal()
        # Also a platform that has died: its instances hold mounts below the disk, which goes away next.
        made.stop()


def repositories(p):
    return {found["repositoryName"] for found in p.client("ecr").describe_repositories()["repositories"]}


def refused(call, **words):
    with pytest.raises(ClientError) as failed:
        call(**words)
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500, failed.value
    assert failed.value.response["Error"]["Code"] == "ServerException", failed.value
    return failed.value.response["Error"]["Message"]


@pytest.mark.promise(
    "The disk fails to sync or write the ledger (EIO).",
    "The call answers an internal error; services go on answering; calls work again as soon as the disk does, without a restart.",
    "Nothing that was acknowledged; what was refused is not there.",
)
@pytest.mark.parametrize("operation", ["fsync", "write"])
def test_a_commit_that_the_disk_did_not_take_is_not_acknowledged(p, disk, images, operation):
    p.offer(images("hello")[0])
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    ecr = p.client("ecr")
    ecr.create_repository(repositoryName="before")
    disk.fail(operation, "ledger.db*")
    for name in ("one", "two"):
        refused(ecr.create_repository, repositoryName=name)
    assert disk.hits(), "the disk has failed"
    assert repositories(p) == {"hello", "before"}
    assert p.https(created["ServiceUrl"])[0] == 200
    disk.heal()
    ecr.create_repository(repositoryName="after")
    assert repositories(p) == {"hello", "before", "after"}
    p.kill()
    p.start()
    assert repositories(p) == {"hello", "before", "after"}
    until("the service answers", lambda: p.https(created["ServiceUrl"])[0] == 200)
    assert "the disk takes writes again" in p.log()


@pytest.mark.promise(
    "One sync of the ledger fails and the next ones say nothing (fsyncgate), then the power is cut.",
    "One call answers an internal error.",
    "Nothing: before the next commit is acknowledged, all earlier ones are written and synced anew.",
)
def test_after_a_failed_sync_the_log_is_emptied_before_anything_is_acknowledged(p, disk):
    ecr = p.client("ecr")
    ecr.create_repository(repositoryName="before")
    # The audit row of the call that fails is the next commit.
    position = disk.position()
    disk.fail("fsync", "ledger.db-wal", count=1)
    refused(ecr.create_repository, repositoryName="lost")
    ecr.create_repository(repositoryName="after")
    since = [record for record in records(disk.journal)[position:] if record[1].startswith("ledger.db") and not record[1].endswith("-shm")]
    kinds = [(record[0], record[1]) for record in since]
    emptied = kinds.index(("truncate", "ledger.db-wal"))
    assert ("fsync", "ledger.db") in kinds[:emptied], kinds
    assert kinds[emptied:].count(("fsync", "ledger.db-wal")) >= 1, kinds
    assert since[emptied][2] == 0


@pytest.mark.promise(
    "The disk fails while an image is pushed (EIO at write, sync or rename).",
    "The push fails; the same push works when the disk does.",
    "Nothing; of the failed push nothing is visible.",
)
@pytest.mark.parametrize("operation, pattern", PUSH_FAILS)
def test_of_a_push_that_failed_nothing_is_visible_and_the_same_push_works_later(p, disk, images, operation, pattern):
    layout, digest = images("hello")
    p.client("ecr").create_repository(repositoryName="hello")
    p.login()
    disk.fail(operation, pattern)
    with pytest.raises(CommandFailed):
        p.push(layout, "v1", "hello:v1", "--retry-times", "0")
    assert disk.hits(), "the disk has failed"
    assert p.client("ecr").list_images(repositoryName="hello")["imageIds"] == []
    disk.heal()
    p.push(layout, "v1", "hello:v1")
    assert [found["imageDigest"] for found in p.client("ecr").list_images(repositoryName="hello")["imageIds"]] == [digest]
    p.create("webs", "hello:v1")
    until("it runs", lambda: p.client("apprunner").list_services()["ServiceSummaryList"][0]["Status"] == "RUNNING", seconds=40)


@pytest.mark.promise(
    "The disk fails to write or sync log segments or their catalogue (EIO).",
    "Services answer; their lines come late.",
    "No line, as long as they find room where they wait; each comes once.",
)
@pytest.mark.parametrize("operation, pattern", [("fsync", "logs/segments/*"), ("write", "logs/catalogue.db*")])
def test_lines_wait_while_the_disk_fails_and_come_once(p, disk, images, operation, pattern):
    p.offer(images("hello")[0])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    group = f"/aws/apprunner/webs/{service['ServiceId']}/application"

    def asked():
        events = p.client("logs").filter_log_events(logGroupName=group, limit=10000)["events"]
        return [event["message"].split()[1] for event in events if event["message"].startswith("GET /n")]

    def ask(numbers):
        for n in numbers:
            assert p.https(service["ServiceUrl"], f"/n{n}")[0] in (200, 404)

    ask(range(5))
    until("the first lines are there", lambda: len(asked()) == 5)
    disk.fail(operation, pattern)
    ask(range(5, 15))
    until("the disk has failed twice", lambda: len(disk.hits()) >= 2)
    assert asked() == [f"/n{n}" for n in range(5)]
    disk.heal()
    until("the others are there", lambda: len(asked()) >= 15)
    ask(range(15, 20))
    until("the last ones are there", lambda: len(asked()) >= 20)
    assert asked() == [f"/n{n}" for n in range(20)]


@pytest.mark.promise(
    "The disk fails to read a blob (EIO) while an image is pulled.",
    "The pull fails and never ends as if it were whole; it works when the disk does.",
    "Nothing.",
)
def test_a_pull_from_a_failing_disk_is_cut_off(p, disk, images, tmp_path):
    layout, _ = images("hello")
    p.offer(layout)
    p.kill()
    # What the kernel remembers would be read from memory.
    p.start()
    disk.fail("read", "blobs/*")
    host, copy = p.registry_host(), ["skopeo", "--insecure-policy", "copy", "--src-tls-verify=false"]
    source = f"docker://{host}/hello:v1"
    failed = run(*copy, source, f"dir:{tmp_path}/first", env=p.env(), check=False)
    assert failed.returncode != 0 and disk.hits(), failed.stderr
    disk.heal()
    run(*copy, source, f"dir:{tmp_path}/second", env=p.env())


@pytest.mark.promise(
    "One write, whichever it is, finds no room (ENOSPC), and the next ones do.",
    "The call that it was for fails with words that say so, or nothing is seen; all other calls go on.",
    "Nothing that was acknowledged; what was refused is not there.",
)
def test_whichever_write_finds_no_room_nothing_acknowledged_is_lost(p, disk, images):
    p.offer(images("hello")[0])
    logs = p.client("logs")
    logs.create_log_group(logGroupName="mine")
    logs.create_log_stream(logGroupName="mine", logStreamName="s")
    calls, failed, skip = Calls(p), [], 0
    while skip < WRITES_MAX:
        disk.fail("write", "*", skip=skip, count=1, error="ENOSPC")
        before = len(disk.hits())
        calls.round(f"{skip}")
        disk.heal()
        hits = disk.hits()[before:]
        if not hits:
            # The round has fewer writes than that; what comes later is the log's, after the answers.
            break
        failed += hits
        assert calls.call("repository", f"r-after-{skip}", p.client("ecr").create_repository, repositoryName=f"r-after-{skip}"), f"after {hits}"
        skip += WRITES_APART
    counts = calls.judge()
    print(f"{len(failed)} writes failed, refused: {counts}; {sorted({hit.split()[1].split('/')[0] for hit in failed})}")
    assert len(failed) >= (100 if WRITES_APART == 1 else 3), failed
    assert calls.words <= {f"{FULL}: nothing was changed. Free space where its data dir is, and try again."}, calls.words
    assert {"repository", "role", "scaling"} & set(counts), counts
    p.kill()
    p.start()
    assert calls.judge() == counts
