#!/usr/bin/env python3
"""A disk that fails when it is told to, and that remembers what was written to it in which order.

`faulty_disk.py BACKING MOUNT CONTROL JOURNAL` mounts a file system at MOUNT that keeps everything in the folder BACKING. It speaks the kernel's FUSE protocol
over /dev/fuse itself (Source: linux/fuse.h, protocol 7.31), so that nothing needs to be installed, and ends when it is unmounted.

CONTROL holds rules, read again whenever it changes: `OPERATION PATTERN SKIP COUNT ERROR` lets the COUNT operations after the first SKIP on files whose path fits
PATTERN fail with ERROR; operations are open, create, read, write, fsync, truncate, rename, unlink. Each failure is a line in CONTROL.hits.

JOURNAL gets a record of every change (`records` reads it): a test that knows what was acknowledged after which record can build every state that a power cut
could have left.
"""
import ctypes
import errno
import fnmatch
import os
import pickle
import signal
import stat
import struct
import subprocess
import sys
import time
from pathlib import Path

LOOKUP, FORGET, GETATTR, SETATTR, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN, READ, WRITE, STATFS, RELEASE = (
    1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
FSYNC, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, FSYNCDIR, CREATE, INTERRUPT, DESTROY, BATCH_FORGET, RENAME2 = (
    20, 25, 26, 27, 28, 29, 30, 35, 36, 38, 42, 45)
BUFFER = (1 << 20) + 4096
ASYNC_READ, BIG_WRITES, MAX_PAGES = 1 << 0, 1 << 5, 1 << 22


class Node:
    def __init__(self, path):
        self.path = path
        self.files = set()


class Disk:
    """One mounted disk: answers the kernel until it is unmounted."""

    def __init__(self, backing, control, journal):
        self.backing, self.control = backing, control
        self.journal = open(journal, "ab", buffering=0)
        self.nodes = {1: Node("")}
        self.by_inode = {os.stat(backing).st_ino: 1}
        self.next = 2
        self.listings = {}
        self.rules, self.rules_of = [], None

    # --- faults and the journal

    def check(self, operation, path):
        try:
            changed = os.stat(self.control).st_mtime_ns
        except FileNotFoundError:
            return
        if changed != self.rules_of:
            rules = [line.split() for line in Path(self.control).read_text().splitlines()]
            self.rules = [[o, pattern, int(skip), int(count), getattr(errno, error)] for o, pattern, skip, count, error in rules]
            self.rules_of = changed
        for rule in self.rules:
            if rule[0] != operation or not fnmatch.fnmatch(path, rule[1]):
                continue
            if rule[2] > 0:
                rule[2] -= 1
            elif rule[3] > 0:
                rule[3] -= 1
                with open(f"{self.control}.hits", "a") as hits:
                    hits.write(f"{operation} {path}\n")
                raise OSError(rule[4], os.strerror(rule[4]))

    def record(self, *what):
        self.journal.write(pickle.dumps(what))

    # --- nodes

    def real(self, path):
        return os.path.join(self.backing, path) if path else self.backing

    def below(self, node, name):
        path = self.nodes[node].path
        return os.path.join(path, name.decode()) if path else name.decode()

    def node(self, path):
        """The number of what is at a path now. A number never means another file."""
        inode = os.lstat(self.real(path)).st_ino
        number = self.by_inode.get(inode)
        if number is None:
            number, self.next = self.next, self.next + 1
            self.nodes[number] = Node(path)
            self.by_inode[inode] = number
        return number

    def gone(self, path):
        """A name goes away: with the last one, its number is nobody's."""
        found = os.lstat(self.real(path))
        if stat.S_ISDIR(found.st_mode) or found.st_nlink == 1:
            self.by_inode.pop(found.st_ino, None)

    def stat(self, number):
        node = self.nodes[number]
        if node.files:
            return os.fstat(next(iter(node.files)))
        return os.lstat(self.real(node.path))

    def attributes(self, number):
        s = self.stat(number)
        seconds = [int(t) for t in (s.st_atime, s.st_mtime, s.st_ctime)]
        parts = [ns % 10**9 for ns in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)]
        return struct.pack("<QQQQQQIIIIIIIIII", number, s.st_size, s.st_blocks, *seconds, *parts, s.st_mode, s.st_nlink, s.st_uid, s.st_gid, 0, 4096, 0)

    def entry(self, path):
        number = self.node(path)
        return struct.pack("<QQQQII", number, 0, 1, 1, 0, 0) + self.attributes(number)

    # --- what the kernel asks for

    def init(self, _node, body):
        major, _minor, ahead = struct.unpack_from("<III", body)
        # Fields: version, read ahead, flags, background 12 and congestion 9, bytes of one write, granularity, pages.
        return struct.pack("<IIIIHHIIHHI", major, 31, ahead, ASYNC_READ | BIG_WRITES | MAX_PAGES, 12, 9, 128 << 10, 1, 32, 0, 0) + bytes(28)

    def lookup(self, node, body):
        return self.entry(self.below(node, body.rstrip(b"\0")))

    def getattr(self, node, _body):
        return struct.pack("<QII", 1, 0, 0) + self.attributes(node)

    def setattr(self, node, body):
        valid, _, _, size, _, atime, mtime, _, atime_ns, mtime_ns, _, mode, _, uid, gid, _ = struct.unpack_from("<IIQQQQQQIIIIIIII", body)
        held = self.nodes[node]
        path = next(iter(held.files)) if held.files else self.real(held.path)
        if valid & 8:
            self.check("truncate", held.path)
            os.truncate(path, size)
            self.record("truncate", held.path, size)
        if valid & 1:
            os.chmod(path, stat.S_IMODE(mode))
        if valid & 6:
            os.chown(path, uid if valid & 2 else -1, gid if valid & 4 else -1)
        if valid & (16 | 32 | 128 | 256):
            now, found = time.time_ns(), self.stat(node)
            atime = now if valid & 128 else atime * 10**9 + atime_ns if valid & 16 else found.st_atime_ns
            mtime = now if valid & 256 else mtime * 10**9 + mtime_ns if valid & 32 else found.st_mtime_ns
            os.utime(path, ns=(atime, mtime))
        return self.getattr(node, b"")

    def opened(self, number, flags, mode=0o600):
        held = self.nodes[number]
        # Offsets are the kernel's, and it reads where it writes a part of a page.
        flags = flags & ~(os.O_APPEND | os.O_ACCMODE | os.O_EXCL | os.O_CREAT | os.O_NOFOLLOW) | os.O_RDWR
        file = os.open(self.real(held.path), flags, mode)
        held.files.add(file)
        return struct.pack("<QII", file, 0, 0)

    def open(self, node, body):
        flags, _ = struct.unpack_from("<II", body)
        self.check("open", self.nodes[node].path)
        if flags & os.O_TRUNC:
            self.record("truncate", self.nodes[node].path, 0)
        return self.opened(node, flags)

    def create(self, node, body):
        flags, mode, _, _ = struct.unpack_from("<IIII", body)
        path = self.below(node, body[16:].rstrip(b"\0"))
        self.check("create", path)
        os.close(os.open(self.real(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, mode & 0o7777))
        self.record("create", path)
        entry = self.entry(path)
        return entry + self.opened(self.node(path), flags)

    def mknod(self, node, body):
        mode, _, _, _ = struct.unpack_from("<IIII", body)
        path = self.below(node, body[16:].rstrip(b"\0"))
        self.check("create", path)
        os.mknod(self.real(path), mode)
        self.record("create", path)
        return self.entry(path)

    def mkdir(self, node, body):
        mode, _ = struct.unpack_from("<II", body)
        path = self.below(node, body[8:].rstrip(b"\0"))
        self.check("create", path)
        os.mkdir(self.real(path), mode & 0o7777)
        self.record("mkdir", path)
        return self.entry(path)

    def unlink(self, node, body):
        path = self.below(node, body.rstrip(b"\0"))
        self.check("unlink", path)
        self.gone(path)
        os.unlink(self.real(path))
        self.record("unlink", path)
        return b""

    def rmdir(self, node, body):
        path = self.below(node, body.rstrip(b"\0"))
        os.rmdir(self.real(path))
        self.record("rmdir", path)
        return b""

    def rename(self, node, body, header=8):
        (target,) = struct.unpack_from("<Q", body)
        old, new = body[header:].rstrip(b"\0").split(b"\0")
        old, new = self.below(node, old), self.below(target, new)
        self.check("rename", new)
        if os.path.lexists(self.real(new)):
            self.gone(new)
        number = self.node(old)
        os.rename(self.real(old), self.real(new))
        for held in self.nodes.values():
            if held.path.startswith(old + "/"):
                held.path = new + held.path[len(old):]
        self.nodes[number].path = new
        self.record("rename", old, new)
        return b""

    def rename2(self, node, body):
        _, flags, _ = struct.unpack_from("<QII", body)
        if flags:
            raise OSError(errno.EINVAL, "")
        return self.rename(node, body, 16)

    def link(self, node, body):
        (source,) = struct.unpack_from("<Q", body)
        path = self.below(node, body[8:].rstrip(b"\0"))
        os.link(self.real(self.nodes[source].path), self.real(path))
        self.record("link", self.nodes[source].path, path)
        return self.entry(path)

    def read(self, node, body):
        file, offset, size = struct.unpack_from("<QQI", body)
        self.check("read", self.nodes[node].path)
        return os.pread(file, size, offset)

    def write(self, node, body):
        file, offset, size = struct.unpack_from("<QQI", body)
        data = body[40:40 + size]
        self.check("write", self.nodes[node].path)
        os.pwrite(file, data, offset)
        self.record("write", self.nodes[node].path, offset, data)
        return struct.pack("<II", size, 0)

    def fsync(self, node, _body):
        self.check("fsync", self.nodes[node].path)
        # Nothing here outlives the test: what was synced is what the journal says.
        self.record("fsync", self.nodes[node].path)
        return b""

    def release(self, node, body):
        (file,) = struct.unpack_from("<Q", body)
        self.nodes[node].files.discard(file)
        os.close(file)
        return b""

    def statfs(self, _node, _body):
        s = os.statvfs(self.backing)
        return struct.pack("<QQQQQIIII", s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree, s.f_bsize, 255, s.f_frsize, 0) + bytes(24)

    def opendir(self, node, _body):
        handle, self.next = self.next, self.next + 1
        self.listings[handle] = os.listdir(self.real(self.nodes[node].path))
        return struct.pack("<QII", handle, 0, 0)

    def readdir(self, node, body):
        handle, offset, size = struct.unpack_from("<QQI", body)
        answer = b""
        for at, name in enumerate(self.listings[handle][offset:], offset):
            name = os.fsencode(name)
            entry = struct.pack("<QQII", at + 2, at + 1, len(name), 0) + name
            entry += bytes(-len(entry) % 8)
            if len(answer) + len(entry) > size:
                break
            answer += entry
        return answer

    def releasedir(self, _node, body):
        self.listings.pop(struct.unpack_from("<Q", body)[0], None)
        return b""

    def serve(self, device):
        calls = {
            LOOKUP: self.lookup, GETATTR: self.getattr, SETATTR: self.setattr, MKNOD: self.mknod, MKDIR: self.mkdir, UNLINK: self.unlink, RMDIR: self.rmdir,
            RENAME: self.rename, LINK: self.link, OPEN: self.open, READ: self.read, WRITE: self.write, STATFS: self.statfs, RELEASE: self.release,
            FSYNC: self.fsync, FLUSH: lambda _node, _body: b"", INIT: self.init, OPENDIR: self.opendir, READDIR: self.readdir, RELEASEDIR: self.releasedir,
            FSYNCDIR: self.fsync, CREATE: self.create, RENAME2: self.rename2,
        }
        while True:
            try:
                request = os.read(device, BUFFER)
            except OSError as error:
                if error.errno == errno.ENODEV:
                    return
                if error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                    continue
                raise
            _, operation, unique, node = struct.unpack_from("<IIQQ", request)
            if operation in (FORGET, BATCH_FORGET, INTERRUPT):
                continue
            if operation == DESTROY:
                return
            call = calls.get(operation)
            try:
                failed, answer = 0, call(node, request[40:]) if call else None
                if call is None:
                    failed, answer = errno.ENOSYS, b""
            except OSError as error:
                failed, answer = error.errno, b""
            try:
                os.write(device, struct.pack("<IiQ", 16 + len(answer), -failed, unique) + answer)
            except OSError as error:
                # Whoever asked was killed meanwhile.
                if error.errno != errno.ENOENT:
                    raise


def mount(target):
    """Mounts; answers the descriptor that the kernel's questions come from."""
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"faulty-disk", os.fsencode(target), b"fuse", 6, options.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mounting at {target}: {os.strerror(number)}")
    return device


def records(journal):
    """The records of a journal, in order."""
    found = []
    with open(journal, "rb") as file:
        while True:
            try:
                found.append(pickle.load(file))
            except EOFError:
                return found


class FaultyDisk:
    """The disk as a test uses it; `end` takes everything away again."""

    def __init__(self, folder, mounted_at):
        self.folder, self.mounted_at = Path(folder), Path(mounted_at)
        self.backing, self.control, self.journal = (self.folder / name for name in ("backing", "rules", "journal"))
        self.bound = []
        self.backing.mkdir(parents=True)
        self.mounted_at.mkdir(parents=True, exist_ok=True)
        self.backing.chmod(0o711)
        words = [sys.executable, __file__, self.backing, self.mounted_at, self.control, self.journal]
        self.process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "mounted\n", "is there a /dev/fuse?"

    def beside(self, *names):
        """These folders of the disk are the machine's own: the kernel maps ids and stacks layers there, which is no matter of this disk."""
        for name in names:
            own = self.folder / "beside" / name
            own.mkdir(parents=True, mode=0o711)
            (self.mounted_at / name).mkdir(mode=0o711)
            subprocess.run(["mount", "--bind", own, self.mounted_at / name], check=True)
            self.bound.append(self.mounted_at / name)

    def fail(self, operation, pattern, skip=0, count=1 << 30, error="EIO"):
        """Replaces what fails."""
        self.rule(f"{operation} {pattern} {skip} {count} {error}\n")

    def heal(self):
        self.rule("")

    def rule(self, text):
        fresh = self.control.with_suffix(".new")
        fresh.write_text(text)
        fresh.rename(self.control)

    def hits(self):
        hits = Path(f"{self.control}.hits")
        return hits.read_text().splitlines() if hits.exists() else []

    def position(self):
        """How many records the journal has."""
        return len(records(self.journal))

    def end(self):
        for folder in reversed(self.bound):
            subprocess.run(["umount", "--lazy", folder], check=False)
        subprocess.run(["umount", "--lazy", self.mounted_at], check=False)
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            # Whoever has made a mount namespace meanwhile has a copy of the mount. It is dead with this process.
            self.process.kill()
            self.process.wait()


if __name__ == "__main__":
    backing, target, control, journal = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    device = mount(target)
    os.umask(0)
    print("mounted", flush=True)
    Disk(backing, control, journal).serve(device)
