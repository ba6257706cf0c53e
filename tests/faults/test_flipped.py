"""Bits that a disk has turned around: nothing of it is handed out as good, the words say what it concerns and what to do, and a push heals what it can."""
import sqlite3
import time

import pytest

from under_test import run, until


def flip(path, at=None):
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 0x10
    path.write_bytes(data)


def largest_blob(p):
    return max((path for path in (p.data / "blobs").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


def refusal_to_start(p):
    p.start(wait=False)
    assert p.process.wait(timeout=30) == 1
    return p.log().splitlines()[-1]


@pytest.mark.promise(
    "One bit of a stored blob is turned around on the disk.",
    "A pull is cut off before its last bytes; a deployment fails and names the blob; pushing the image again heals it.",
    "Nothing, if somebody still has the image.",
)
def test_a_flipped_blob_is_not_handed_out_and_a_push_heals_it(platform, images, tmp_path):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    blob = largest_blob(p)
    digest = f"sha256:{blob.name}"
    flip(blob)
    p.allow("a blob is damaged on the disk", "an answer was cut off", "a registry call failed", "a keeper's step failed", "a blob's file is missing")
    base, env = f"http://{p.registry_host()}/v2/hello/blobs/{digest}", p.env()
    password = p.aws("ecr", "get-login-password").strip()
    pulled = run("curl", "-sS", "--max-time", "20", "-u", f"AWS:{password}", "-o", tmp_path / "pulled", base, env=env, check=False)
    assert pulled.returncode == 18, f"curl must see that it is cut off: {pulled}"
    assert (tmp_path / "pulled").stat().st_size < blob.with_name(f"{blob.name}.damaged").stat().st_size

    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "CREATE_FAILED")
    assert digest in p.events("webs") and "Push the image again" in p.events("webs"), p.events("webs")

    p.push(layout, "v1", "hello:v1")
    run("curl", "-sS", "--fail", "--max-time", "20", "-u", f"AWS:{password}", "-o", tmp_path / "pulled", base, env=env)
    p.client("apprunner").delete_service(ServiceArn=service["ServiceArn"])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    assert p.https(service["ServiceUrl"])[0] == 200
    p.stop()


@pytest.mark.promise(
    "One byte of a log segment is turned around on the disk.",
    "A line says in its place how many lines are lost, and where.",
    "The lines of that block; all others are read.",
)
def test_a_flipped_byte_of_a_log_segment_takes_one_block_and_says_so(platform):
    p = platform().start()
    logs = p.client("logs")
    logs.create_log_group(logGroupName="mine")
    logs.create_log_stream(logGroupName="mine", logStreamName="s")
    for n in range(3):
        logs.put_log_events(logGroupName="mine", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": f"line {n}"}])
    [segment] = (p.data / "logs" / "segments").iterdir()
    flip(segment)
    p.allow("a block of log lines cannot be read")
    for words in ({}, {"filterPattern": "line"}):
        found = [event["message"] for event in logs.filter_log_events(logGroupName="mine", **words)["events"]]
        assert [found[0], found[2]] == ["line 0", "line 2"], found
        assert found[1].startswith("outrunner: 1 lines are lost here: log segment 1, byte "), found
    p.stop()


@pytest.mark.promise(
    "A page of the ledger, or of the catalogue of lines, is damaged on the disk.",
    "The platform does not start; one line names the file and says what to do. Running services go on.",
    "Nothing more: the file is left as it is, for `outrunner restore`.",
)
@pytest.mark.parametrize("database, mend", [("ledger.db", "outrunner restore"), ("logs/catalogue.db", "move the folder 'logs' away")])
def test_a_damaged_page_is_refused_at_the_start(platform, images, database, mend):
    p = platform().start()
    p.offer(images("hello")[0])
    service = p.create("webs", "hello:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    p.kill()
    path = p.data / database
    closed = sqlite3.connect(path)
    closed.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    closed.close()
    good = path.read_bytes()
    bad = bytearray(good)
    bad[2 * 4096 + 5] ^= 0x40
    path.write_bytes(bad)
    said = refusal_to_start(p)
    assert f"{path.name} is damaged (" in said and mend in said, said
    assert path.read_bytes() == bad
    assert p.https(service["ServiceUrl"])[0] == 200, "the front door and the instance go on"
    if database == "ledger.db":
        path.write_bytes(good)
    else:
        (p.data / "logs").rename(p.data / "logs.aside")
    p.start()
    until("the service answers", lambda: p.https(service["ServiceUrl"])[0] == 200)
    p.stop()


@pytest.mark.promise(
    "The master key, or a sealed key in the ledger, is cut short or changed.",
    "The platform does not start; one line names it.",
    "Nothing, if the right one is put back.",
)
def test_a_key_that_was_cut_short_is_named(platform):
    p = platform().start()
    assert p.terminate() == 0
    key = (p.data / "master.key").read_bytes()
    (p.data / "master.key").write_bytes(key[:20])
    assert "has 20 bytes instead of 32: it is not the master key. Put the right one back" in refusal_to_start(p)
    (p.data / "master.key").write_bytes(key)
    ledger = sqlite3.connect(p.data / "ledger.db")
    for table, row, where in [("authority", "suffix", "an authority"), ("access_key", "id", "access"), ("certificate", "name", "certificate")]:
        [(name, good)] = ledger.execute(f"SELECT {row}, sealed FROM {table} LIMIT 1").fetchall()
        ledger.execute(f"UPDATE {table} SET sealed = ? WHERE {row} = ?", (good[:25], name))
        ledger.commit()
        said = refusal_to_start(p)
        assert f"the sealed value of {table} {name} does not open: it was changed" in said, (where, said)
        ledger.execute(f"UPDATE {table} SET sealed = ? WHERE {row} = ?", (good, name))
        ledger.commit()
    ledger.close()
    p.start()
    p.stop()
