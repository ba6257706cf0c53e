"""The power is cut at any moment: every state that the disk can be left in is opened again, and everything that was acknowledged is there.

A real platform works on a disk that remembers each write, sync and rename in order (`faulty_disk.py`). From its journal every moment is rebuilt as a power cut
leaves it: names as a journaling file system keeps them (in order), or as POSIX promises them (no name is made, changed or taken away before its folder was
synced), bytes that were synced, and of the others any part, the last one torn at a sector.
"""
import binascii
import hashlib
import json
import os
import random
import shutil
import sqlite3
import struct
import time
from collections import Counter

import pytest

from faulty_disk import FaultyDisk, records
from under_test import BIN, Platform, run, until

SECTOR = 512
# Of what a power cut at one moment can leave, whether bytes that were not synced are there by chance or not at all, and whose names.
STATES = [("nothing", "in order"), ("by chance", "in order"), ("nothing", "synced")]
# In the soak every moment is looked at; otherwise each sync, rename and cut, and a part of the writes between them.
EVERY_MOMENT = bool(os.environ.get("OUTRUNNER_EVERY_MOMENT"))
WRITES_JUDGED = 1.0 if EVERY_MOMENT else 0.03
# Of the moments, those at which a whole platform is started again.
STARTED_AGAIN = 40 if EVERY_MOMENT else 2


class File:
    def __init__(self):
        self.synced = b""
        self.since = []


def write(data, offset, piece):
    data = bytearray(data)
    data.extend(bytes(max(0, offset + len(piece) - len(data))))
    data[offset:offset + len(piece)] = piece
    return bytes(data)


def apply(data, change):
    if change[0] == "truncate":
        return data[:change[1]] + bytes(max(0, change[1] - len(data)))
    return write(data, change[1], change[2])


class Names:
    """Which name is which file, and what folders there are."""

    def __init__(self):
        self.files, self.folders = {}, {""}

    def take(self, kind, path, *rest):
        """`create` and `link` carry the file, `rename` what is below the name."""
        if kind == "create":
            self.files[path] = rest[0]
        elif kind == "mkdir":
            self.folders.add(path)
        elif kind == "rmdir":
            self.folders.discard(path)
        elif kind == "unlink":
            self.files.pop(path, None)
        else:
            target, files, folders = rest
            for below in files:
                self.files.pop(path + below, None)
            for below in folders:
                self.folders.discard(path + below)
            self.files.update({target + below: file for below, file in files.items()})
            self.folders.update(target + below for below in folders)

    def is_there(self, path):
        """Whether there is a way to it."""
        folder = os.path.dirname(path)
        return folder in self.folders and (not folder or self.is_there(folder))


class Moment:
    """The disk while its journal is replayed: names at once, and those that their folders' syncs have reached."""

    def __init__(self):
        self.names, self.synced = Names(), Names()
        # What happened to names and is not synced yet: (folder, what).
        self.pending = []

    def take(self, record):
        kind, path, *rest = record
        names = self.names
        if kind in ("create", "mkdir", "rmdir", "unlink", "link", "rename"):
            below = lambda known: {name[len(path):] for name in known if name == path or name.startswith(path + "/")}
            if kind == "create":
                change = (kind, path, File())
            elif kind == "link":
                path, change = rest[0], ("create", rest[0], names.files[path])
            elif kind == "rename":
                change = (kind, path, rest[0], {name: names.files[path + name] for name in below(names.files)}, below(names.folders))
                path = rest[0]
            else:
                change = (kind, path)
            names.take(*change)
            self.pending.append((os.path.dirname(path), change))
        elif kind == "fsync" and path in names.folders:
            for folder, change in self.pending:
                if folder == path:
                    self.synced.take(*change)
            self.pending = [one for one in self.pending if one[0] != path]
        elif path not in names.files:
            return  # A file that has lost its name.
        elif kind == "fsync":
            file = names.files[path]
            for change in file.since:
                file.synced = apply(file.synced, change)
            file.since = []
        else:
            names.files[path].since.append((kind, *rest))

    def left(self, file, dice):
        """A file's bytes after a power cut. Without dice: nothing has reached the disk that was not synced. A file's length is a matter of names: in order."""
        data = file.synced
        for at, change in enumerate(file.since):
            if change[0] == "truncate":
                data = apply(data, change)
            elif dice is not None and dice.random() < 0.5:
                piece = change[2]
                if at == len(file.since) - 1 or dice.random() < 0.2:
                    piece = piece[:dice.randrange(0, len(piece) // SECTOR + 1) * SECTOR]
                data = apply(data, ("write", change[1], piece))
        return data

    def build(self, folder, dice, only=lambda path: True, of="in order"):
        names = self.names if of == "in order" else self.synced
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(names.folders):
            if not path or names.is_there(path):
                (folder / path).mkdir(parents=True, exist_ok=True)
                (folder / path).chmod(0o711)
        for path, file in names.files.items():
            # Memory that processes share: it is nothing after a power cut.
            if only(path) and not path.endswith("-shm") and names.is_there(path):
                (folder / path).write_bytes(self.left(file, dice))
                (folder / path).chmod(0o600)


def work(p, disk, images):
    """What is done, and after which record it was acknowledged."""
    done = []

    def acknowledged(kind, name):
        done.append((disk.position(), kind, name))

    ecr, iam, apprunner = p.client("ecr"), p.client("iam"), p.client("apprunner")
    for n in range(12):
        ecr.create_repository(repositoryName=f"r{n}")
        acknowledged("repository", f"r{n}")
        iam.create_role(RoleName=f"role{n}", AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "build.apprunner.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
        acknowledged("role", f"role{n}")
    p.login()
    for n in range(2):
        layout, digest = images("hello", tag=f"t{n}", flags=("--env", f"N={n}"))
        p.push(layout, f"t{n}", f"r{n}:t{n}")
        acknowledged("image", (f"r{n}", f"t{n}", digest))
    service = p.create("webs", "r0:t0")["Service"]
    acknowledged("service", service["ServiceArn"])
    p.until_status(service["ServiceArn"], "RUNNING")
    logs = p.client("logs")
    logs.create_log_group(logGroupName="mine")
    logs.create_log_stream(logGroupName="mine", logStreamName="s")
    acknowledged("group", "mine")
    for n in range(6):
        logs.put_log_events(logGroupName="mine", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": f"line {n}"}])
        acknowledged("line", f"line {n}")
    for n in range(12, 16):
        ecr.create_repository(repositoryName=f"r{n}")
        acknowledged("repository", f"r{n}")
        # From here on until the answer it may be there or not.
        acknowledged("going", f"r{n}")
        ecr.delete_repository(repositoryName=f"r{n}")
        acknowledged("no repository", f"r{n}")
    return done


def judge_ledger(folder, promised):
    """Every acknowledged commit is in the ledger, and it keeps its own rules."""
    ledger = sqlite3.connect(folder / "ledger.db")
    try:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = {name for (name,) in ledger.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not promised:
            return
        repositories = {name for (name,) in ledger.execute("SELECT name FROM repository")}
        roles = {name for (name,) in ledger.execute("SELECT folded FROM role")}
        services = {name for (name,) in ledger.execute("SELECT id FROM service")}
        tags = set(ledger.execute("SELECT name, tag, digest FROM image_tag JOIN repository ON repository.ordinal = image_tag.repository"))
        for kind, name in promised:
            held = {
                "repository": lambda: name in repositories, "no repository": lambda: name not in repositories, "role": lambda: name in roles,
                "image": lambda: name in tags, "service": lambda: name.rsplit("/", 1)[1] in services, "group": lambda: True, "line": lambda: True,
            }
            assert held[kind](), f"{kind} {name} was acknowledged"
        assert "operation" in tables
        operations = {service for (service,) in ledger.execute("SELECT DISTINCT service FROM operation")}
        assert operations <= services, "an operation without its service"
    finally:
        ledger.close()


def judge_blobs(folder):
    """What the ledger knows is whole; what it does not know is nothing."""
    ledger = sqlite3.connect(folder / "ledger.db")
    known = dict(ledger.execute("SELECT digest, size_bytes FROM blob")) if ledger.execute("SELECT 1 FROM sqlite_schema WHERE name = 'blob'").fetchone() else {}
    ledger.close()
    for digest, size in known.items():
        algorithm, digits = digest.split(":")
        bytes_ = (folder / "blobs" / algorithm / digits[:2] / digits).read_bytes()
        assert len(bytes_) == size and hashlib.new(algorithm, bytes_).hexdigest() == digits, digest


def judge_lines(folder, promised):
    """Each acknowledged block of lines is there whole."""
    path = folder / "logs" / "catalogue.db"
    if not any(kind == "line" for kind, _ in promised):
        return
    assert path.exists(), "a line was acknowledged, and there is no catalogue"
    catalogue = sqlite3.connect(path)
    assert catalogue.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = catalogue.execute(
        "SELECT segment, offset_bytes, length_bytes, log_block.lines FROM log_block JOIN log_group ON log_group.ordinal = log_block.log_group"
        " WHERE name = 'mine'").fetchall()
    catalogue.close()
    for segment, offset, length, _ in rows:
        block = (folder / "logs" / "segments" / f"{segment:010}").read_bytes()[offset:offset + length]
        assert len(block) == length and block[:4] == b"ORB1", (segment, offset)
        assert struct.unpack_from("<I", block, 16)[0] == binascii.crc32(block[20:], binascii.crc32(block[:16])), (segment, offset)
    assert sum(lines for *_, lines in rows) >= sum(kind == "line" for kind, _ in promised)


def of_the_store(path):
    return path.startswith(("ledger.db", "logs/", "blobs/"))


@pytest.mark.promise(
    "The power is cut at any moment: files, write-ahead log and log segments are torn at any sector.",
    "The next start takes a moment longer.",
    "Nothing that was acknowledged; what was under way is whole or not there.",
)
def test_after_a_power_cut_at_any_moment_everything_acknowledged_is_there(platform, images, tmp_path):
    p = platform()
    disk = FaultyDisk(tmp_path / "disk", p.data)
    try:
        disk.beside("layers", "scratch")
        p.start()
        done = work(p, disk, images)
        p.kill()
        run(BIN / "outrunner", "stop", "--data-dir", p.data)
        journal = records(disk.journal)
    finally:
        # What runs holds mounts below the disk: it ends first, also when something above has failed.
        run(BIN / "outrunner", "stop", "--data-dir", p.data, check=False)
        disk.end()
    end = done[-1][0]
    dice = random.Random(int(os.environ.get("OUTRUNNER_SEED", "6")))
    interesting = [
        at for at, record in enumerate(journal[:end], 1)
        if any(isinstance(path, str) and of_the_store(path) and not path.endswith("-shm") for path in record[1:])
    ]
    print(f"{len(journal)} records, {len(interesting)} moments, {Counter(record[0] for record in journal)}")
    assert len(interesting) > 300, "the disk was written to"
    started = set(dice.sample([at for at in interesting if at > done[0][0]], STARTED_AGAIN))
    moment, taken, again, judged = Moment(), 0, 0, Counter()
    for at in interesting:
        kind = journal[at - 1][0]
        if at not in started and kind == "write" and dice.random() >= WRITES_JUDGED:
            continue
        for record in journal[taken:at]:
            moment.take(record)
        taken = at
        judged[kind] += 1
        # Names alone change what is a blob: at their renames, and when those are synced.
        judge(moment, dice, tmp_path / "left", promises(done, at), kind == "rename" or kind == "fsync" and journal[at - 1][1].startswith("blobs/"))
        if at in started:
            starts_again(moment, dice, tmp_path / f"again{at}", promises(done, at), ("synced", "in order")[again % 2])
            again += 1
    print(f"{sum(judged.values())} moments judged in {len(STATES)} states each, {judged}; {len(started)} started again")
    assert judged["fsync"] > 80, judged


def promises(done, at):
    """What was acknowledged until then, and what nobody had begun to take back."""
    known = [(kind, name) for position, kind, name in done if position <= at]
    return [one for one in known if one[0] != "going" and (one[0] != "repository" or ("going", one[1]) not in known)]


def judge(moment, dice, folder, promised, with_blobs):
    """Looks at what a power cut at this moment can leave. SQLite reads it as the platform's start does: what is not whole in the log is nothing."""
    parts = ("ledger.db", "logs/", "blobs/") if with_blobs else ("ledger.db", "logs/")
    for bytes_left, names_left in STATES:
        moment.build(folder, dice if bytes_left == "by chance" else None, lambda path: path.startswith(parts), names_left)
        assert (folder / "ledger.db").exists() or not promised, f"the ledger's name was not synced ({names_left}), and {promised[-1]} was acknowledged"
        if (folder / "ledger.db").exists():
            judge_ledger(folder, promised)
            if with_blobs and (folder / "ledger.db").stat().st_size:
                judge_blobs(folder)
            judge_lines(folder, promised)
        shutil.rmtree(folder)


def starts_again(moment, dice, folder, promised, names_left):
    folder.mkdir()
    again = Platform(folder)
    moment.build(again.data, dice, of=names_left)
    # `run.json` names a platform that is gone, and instances are gone with the power.
    again.allow("a trusted certificate", "was not known")
    try:
        again.start()
        there = {found["repositoryName"] for found in again.client("ecr").describe_repositories(maxResults=1000)["repositories"]}
        for kind, name in promised:
            if kind == "repository":
                assert name in there
            if kind == "image":
                again.login()
                repository, tag, _ = name
                run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", f"docker://{again.registry_host()}/{repository}:{tag}",
                    f"dir:{folder}/{repository}", env=again.env())
            if kind == "line":
                lines = again.client("logs").filter_log_events(logGroupName="mine")["events"]
                assert name in [line["message"] for line in lines], lines
            if kind == "service":
                until("the service runs again", lambda: again.status(name) == "RUNNING", seconds=60)
    finally:
        again.stop()
