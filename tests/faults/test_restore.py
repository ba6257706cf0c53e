"""Backups that are not whole, data dirs that are damaged, and those of other versions."""
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess

import pytest

from under_test import BIN, ROOT, run, until

# The last one is the newest: 0.10 comes after 0.9.
GOLDEN = sorted((ROOT / "tests" / "golden").glob("data-dir-*.tar.zst"), key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)])


def outrunner(*words):
    """Answers the exit code and what was said."""
    done = run(BIN / "outrunner", *words, check=False)
    return done.returncode, done.stdout + done.stderr


def unpack(archive, data):
    data.mkdir(parents=True)
    run("tar", "--extract", "--zstd", "--file", archive, "-C", data)
    os.chmod(data, 0o711)


@pytest.fixture
def platform(platform):
    """Platforms that may find a data dir of a version whose audit log was no chain yet."""
    def made(*words, **more):
        p = platform(*words, **more)
        p.allow(r"WARN .*the audit log of an older program was chained")
        return p
    return made


@pytest.fixture
def golden(tmp_path):
    """A platform's folder that an earlier version has filled."""
    unpack(GOLDEN[-1], tmp_path / "data")
    return tmp_path / "data"


def answers(p, url):
    try:
        return p.https(url)[0] == 200
    except OSError:
        return False


@pytest.mark.promise(
    "The platform is replaced by a newer version.",
    "The data dir of every released version is opened, migrated in one transaction and served.",
    "Nothing.",
)
@pytest.mark.parametrize("archive", GOLDEN, ids=lambda path: path.name.removesuffix(".tar.zst"))
def test_the_data_dir_of_every_released_version_is_served(platform, archive):
    p = platform()
    unpack(archive, p.data)
    credentials, authority = (p.data / "credentials").read_bytes(), (p.data / "ca.pem").read_bytes()
    p.start()
    shown = {service["ServiceName"]: service for service in json.loads(p.outrunner("ps", "--json"))}
    assert {name: service["Status"] for name, service in shown.items()} == {"webs": "RUNNING", "rests": "PAUSED"}
    until("its service answers", lambda: answers(p, shown["webs"]["ServiceUrl"]))
    assert ((p.data / "credentials").read_bytes(), (p.data / "ca.pem").read_bytes()) == (credentials, authority)
    assert "hello listens on port 8080" in p.outrunner("logs", "webs"), "what it printed under the old version"
    assert "Service creation completed successfully" in p.events("webs")
    assert p.aws("iam", "list-attached-role-policies", "--role-name", "puller")["AttachedPolicies"]
    assert "are as they were written" in p.outrunner("audit", "verify"), "rows of the old version are in the chain, once"
    groups = p.aws("logs", "describe-log-groups", "--log-group-name-prefix", "/mine/")["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [3653]
    scaling = p.aws("apprunner", "list-auto-scaling-configurations")["AutoScalingConfigurationSummaryList"]
    assert "small" in [configuration["AutoScalingConfigurationName"] for configuration in scaling]
    assert p.aws("ecr", "describe-images", "--repository-name", "hello")["imageDetails"][0]["imageTags"] == ["v1"]
    p.client("apprunner").resume_service(ServiceArn=shown["rests"]["ServiceArn"])
    p.until_status(shown["rests"]["ServiceArn"], "RUNNING")
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []
    p.stop()
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []


@pytest.mark.promise(
    "An older version is started on a newer one's data dir.",
    "It refuses with a sentence and changes nothing.",
    "Nothing: the newer version goes on with it.",
)
@pytest.mark.parametrize("database", ["ledger.db", "logs/catalogue.db"])
def test_a_data_dir_of_a_newer_version_is_refused_and_left_as_it_was(platform, database):
    p = platform()
    unpack(GOLDEN[-1], p.data)
    # Both have the present form first: an earlier one is told before a later one.
    p.start()
    p.stop()

    def forms():
        found = []
        for name in ("ledger.db", "logs/catalogue.db"):
            with sqlite3.connect(p.data / name) as connection:
                found.append(connection.execute("PRAGMA user_version").fetchone()[0])
        return found

    with sqlite3.connect(p.data / database) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = forms()
    p.start(wait=False)
    assert p.process.wait(timeout=30) == 1
    assert "was written by a newer Outrunner (form 99" in p.log() and "start that version, or restore a backup" in p.log()
    assert forms() == before, "neither of the two was changed"
    for words in (["backup", p.folder / "backup"], ["check"]):
        code, said = outrunner(*words, "--data-dir", p.data)
        assert code == 1 and "newer Outrunner" in said, said


@pytest.mark.promise(
    "A backup is damaged, was cut off, or its key is missing.",
    "`outrunner restore` says which, and leaves no data dir.",
    "Nothing that another backup does not have.",
)
def test_a_restore_that_cannot_be_whole_leaves_nothing(golden, tmp_path, platform):
    p, golden = platform(), shutil.move(golden, tmp_path / "old")
    backup, new = tmp_path / "backup", p.data
    code, said = outrunner("backup", backup, "--data-dir", golden, "--logs")
    assert code == 0, said
    whole, key = backup.read_bytes(), golden / "master.key"
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(b"x" * 32)
    cut, flipped = tmp_path / "cut", tmp_path / "flipped"
    cut.write_bytes(whole[:-100])
    flipped.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    for file, flags, words in [
        (cut, ["--master-key", key], "cut off"),
        (flipped, ["--master-key", key], "damaged"),
        (backup, [], "the backup holds no master key, and without it"),
        (backup, ["--master-key", wrong], "the master key is not the one"),
        (backup, ["--passphrase-file", wrong], "the backup holds no master key"),
    ]:
        code, said = outrunner("restore", file, "--data-dir", new, *flags)
        assert code == 1 and words in said, said
        assert not new.exists(), sorted(os.listdir(new))
    code, said = outrunner("restore", backup, "--data-dir", golden, "--master-key", key)
    assert code == 1 and "it is not empty" in said, said
    assert outrunner("restore", backup, "--data-dir", new, "--master-key", key)[0] == 0
    # An earlier version wrote it: it is brought to the present form before it is looked through.
    p.start()
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []


def test_a_backup_says_what_is_in_its_way(golden, tmp_path):
    backup, small = tmp_path / "backup", tmp_path / "small"
    backup.write_text("mine")
    for words, code, said in [
        ([backup], 1, "a backup never overwrites anything"),
        ([tmp_path / "no" / "folder"], 3, "there is no folder"),
        ([tmp_path / "b", "--master-key"], 2, "--recipient"),
        ([tmp_path / "b", "--master-key", "--recipient", "age1nobody"], 2, "not a public key of age"),
    ]:
        got = outrunner("backup", *words, "--data-dir", golden)
        assert got[0] == code and said in got[1], got
    got = outrunner("backup", tmp_path / "b", "--data-dir", tmp_path)
    assert got[0] == 3 and "no platform has run" in got[1], got
    small.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small)
    try:
        got = outrunner("backup", small / "b", "--data-dir", golden)
        assert got[0] == 1 and ("MiB free" in got[1] or "full" in got[1] or "No space" in got[1]), got
        assert os.listdir(small) == []
    finally:
        run("umount", small)
    assert backup.read_text() == "mine"


@pytest.mark.promise(
    "`outrunner backup` is killed while it writes.",
    "No file has the backup's name; the next backup begins anew.",
    "Nothing: the platform goes on.",
)
def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(golden, tmp_path):
    blob = os.urandom(16 << 20)
    digest = __import__("hashlib").sha256(blob).hexdigest()
    shelf = golden / "blobs" / "sha256" / digest[:2]
    shelf.mkdir(mode=0o700, exist_ok=True)
    (shelf / digest).write_bytes(blob)
    with sqlite3.connect(golden / "ledger.db") as ledger:
        ledger.execute("INSERT INTO blob VALUES (?, ?)", (f"sha256:{digest}", len(blob)))
        ledger.execute("INSERT INTO repository_blob SELECT min(ordinal), ?, 4000000000000 FROM repository", (f"sha256:{digest}",))
    folder = tmp_path / "backups"
    folder.mkdir()
    backup, partial = folder / "backup", folder / ".backup.partial"
    words = [str(word) for word in (BIN / "outrunner", "backup", backup, "--data-dir", golden)]

    def killed_at_8_mib():
        """The kernel kills it, as it writes that byte: nobody has to be quick."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))

    killed = subprocess.run(words, stdout=subprocess.DEVNULL, preexec_fn=killed_at_8_mib, timeout=120)
    assert killed.returncode == -signal.SIGXFSZ, killed
    assert partial.stat().st_size == 8 << 20
    assert os.listdir(folder) == [".backup.partial"]
    code, said = outrunner("restore", partial, "--data-dir", tmp_path / "new", "--master-key", golden / "master.key")
    assert code == 1 and not (tmp_path / "new").exists(), said
    assert outrunner("backup", backup, "--data-dir", golden)[0] == 0
    assert os.listdir(folder) == ["backup"]
    assert outrunner("restore", backup, "--data-dir", tmp_path / "new", "--master-key", golden / "master.key")[0] == 0


@pytest.mark.promise(
    "A blob is flipped on the disk.",
    "`outrunner check` names it, `check --repair` takes it out of its images, and pushing the image again mends it.",
    "The image in the registry until it is pushed again.",
)
def test_check_finds_a_flipped_blob_and_a_push_mends_what_a_repair_forgot(platform, images):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    p.stop()
    largest = max((p.data / "blobs").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    flipped = bytearray(largest.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    largest.write_bytes(flipped)
    code, said = outrunner("check", "--data-dir", p.data)
    assert code == 1 and f"blob sha256:{largest.name}: its file has other bytes than it was kept with" in said, said
    code, said = outrunner("backup", p.folder / "backup", "--data-dir", p.data)
    assert code == 1 and largest.name in said and (p.folder / "backup").exists(), "everything else is backed up, and it is said: " + said
    code, said = outrunner("restore", p.folder / "backup", "--data-dir", p.folder / "new", "--master-key", p.data / "master.key")
    assert code == 0 and f"{largest.name} is not there" in said, said
    code, said = outrunner("check", "--repair", "--data-dir", p.data)
    assert code == 0 and "mended" in said, said
    code, said = outrunner("check", "--data-dir", p.data)
    assert code == 1 and "push the image again" in said, said
    p.start()
    code, said = outrunner("check", "--repair", "--data-dir", p.data)
    assert code == 1 and "stop it before anything is repaired" in said, said
    p.login()
    p.push(layout, "v1", "hello:v1")
    webs = p.create("webs", "hello:v1")["Service"]
    p.until_status(webs["ServiceArn"], "RUNNING")
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []
    p.stop()


def test_a_restore_that_was_killed_is_told_by_serve_and_done_by_the_next(golden, tmp_path, platform):
    backup, p = tmp_path / "backup", platform()
    shutil.move(golden, tmp_path / "old")
    assert outrunner("backup", backup, "--data-dir", tmp_path / "old")[0] == 0
    # As if it was killed when the blobs had their name already.
    (p.data / ".restoring").mkdir(parents=True)
    (p.data / ".restoring" / "publishing").touch()
    (p.data / "blobs").mkdir()
    p.start(wait=False)
    assert p.process.wait(timeout=30) == 1
    assert "a restore into" in p.log() and "has not ended" in p.log(), p.log()
    assert outrunner("restore", backup, "--data-dir", p.data, "--master-key", tmp_path / "old" / "master.key")[0] == 0
    p.start()
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []
