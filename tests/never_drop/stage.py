"""A platform whose services are under load, what the test does to them meanwhile, and the judgement of every request that failed.

A failure is excused only by a kill of the test's own: the access log says that the request was on the instance that was killed, then; or it was with the front
door when that was killed. Everything else that failed fails the test, with all that is known about it.
"""
import collections
import json
import os
import subprocess
import time
from datetime import datetime
from pathlib import Path

from under_test import BIN, REGISTRY, until

WITNESS = Path(__file__).resolve().parent / "witness.c"
WAYS = ["keep_alive", "new_connection", "http2", "upload", "upload_http2", "slow", "download", "long", "web_socket"]
# A client on a busy machine learns that late that a connection is dead.
LEARNT_SECONDS = 1
LOAD_SECONDS_MAX = int(os.environ.get("OUTRUNNER_LOAD_SECONDS_MAX", "900"))


class WitnessLoad:
    """Open-loop load in all ways, until `end`. `rate` is of the most frequent ways; others ask less often. `ways` names some, with a rate each."""

    def __init__(self, p, url, rate=20, ways=None):
        port = url.rsplit(":", 1)[1]
        words = [BIN / "examples" / "open_loop", "--connect", f"127.0.0.1:{port}", "--host", url, "--ca", p.data / "ca.pem"]
        words += ["--seconds", LOAD_SECONDS_MAX, "--rate", rate, "--end", "input", "--profile", "witness"]
        words += ["--ways", ",".join(f"{way}={one}" for way, one in ways.items())] if ways else []
        self.ways = list(ways or WAYS)
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self.process = subprocess.Popen([str(word) for word in words], text=True, **pipes)
        p.beside.append(self.process)
        first = self.process.stderr.readline()
        assert first.strip() == "started", f"the load did not start: {first}{self.process.stderr.read()}"

    def phase(self, name):
        """What is sent from now on is counted under this name."""
        self.process.stdin.write(f"phase {name}\n")
        self.process.stdin.flush()

    def end(self):
        # What was killed after its last second was killed under no load.
        ended_early = self.process.poll() is not None
        out, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, err
        assert not ended_early, f"the load ended by itself after {LOAD_SECONDS_MAX} s: OUTRUNNER_LOAD_SECONDS_MAX"
        return json.loads(out)


class Kill:
    """Something that the test killed, and when: between two looks at the clock."""

    def __init__(self, what, pid, service=None, instance=None):
        self.what, self.service, self.instance = what, service, instance
        self.before = time.time()
        os.kill(pid, 9)
        until(f"{what} is dead", lambda: is_dead(pid), seconds=10, pause=0.001)
        self.after = time.time()

    def excuses(self, service, failure, record):
        began, ended = failure["given"] or failure["intended"], failure["ended"]
        if ended < self.before or began > self.after + LEARNT_SECONDS:
            return False
        if self.instance is None:
            # The connection was one of its own. Of an answer in its own words a front door has nothing to be excused for.
            return failure["opened"] is not None and failure["opened"] <= self.after and failure["status"] in (None, 200, 101)
        # A door that lives tells of each request where it was.
        if record and record["began"] > self.after + 1:
            return False
        on_it = self.instance in (failure["instance"], record and record["instance"])
        # Whoever is still sending when the door says 502 and closes may not hear it; the door wrote it down.
        said = failure["status"] or (record and record["status"])
        return self.service == service["ServiceId"] and on_it and said in (502, 200, 101)

    def __repr__(self):
        return f"{self.what} killed at {self.before:.3f}–{self.after:.3f}"


def is_dead(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


class Stage:
    def __init__(self, p, images, tags=("v1", "v2")):
        self.p, self.kills = p, []
        p.client("ecr").create_repository(repositoryName="witness")
        p.login()
        for tag in tags:
            layout, _ = images("witness", WITNESS, tag=tag, flags=["--env", f"VERSION={tag}"])
            p.push(layout, tag, f"witness:{tag}")

    # --- services

    def scaling(self, name, least, most, concurrency=100):
        made = self.p.client("apprunner").create_auto_scaling_configuration(
            AutoScalingConfigurationName=name, MinSize=least, MaxSize=most, MaxConcurrency=concurrency
        )
        return made["AutoScalingConfiguration"]["AutoScalingConfigurationArn"]

    def source(self, tag, image="witness", variables=None):
        configuration = {"Port": "8080", "RuntimeEnvironmentVariables": variables or {}}
        image = {"ImageIdentifier": f"{REGISTRY}/{image}:{tag}", "ImageRepositoryType": "ECR", "ImageConfiguration": configuration}
        return {"ImageRepository": image, "AutoDeploymentsEnabled": False}

    def create(self, name, tag="v1", image="witness", variables=None, **members):
        members.setdefault("InstanceConfiguration", {"Cpu": "1024", "Memory": "2048"})
        members.setdefault("HealthCheckConfiguration", {"Protocol": "HTTP", "Path": "/health"})
        created = self.p.client("apprunner").create_service(ServiceName=name, SourceConfiguration=self.source(tag, image, variables), **members)
        return created["Service"]

    def running(self, name, tag="v1", **members):
        service = self.create(name, tag, **members)
        self.p.until_status(service["ServiceArn"], "RUNNING", seconds=60)
        return service

    def begin_deployment(self, service, tag, **members):
        client = self.p.client("apprunner")
        return client.update_service(ServiceArn=service["ServiceArn"], SourceConfiguration=self.source(tag), **members)["OperationId"]

    def until_over(self, service, operation, seconds=120):
        client = self.p.client("apprunner")

        def state():
            listed = client.list_operations(ServiceArn=service["ServiceArn"], MaxResults=5)["OperationSummaryList"]
            return next(one["Status"] for one in listed if one["Id"] == operation)

        until("the deployment is over", lambda: state() not in ("PENDING", "IN_PROGRESS"), seconds)
        assert state() == "SUCCEEDED", self.p.events(service["ServiceName"])

    def deploy(self, service, tag, **members):
        self.until_over(service, self.begin_deployment(service, tag, **members))

    def instances(self, service):
        """Short name and first process of each of a service's instances that runs."""
        found = {}
        for name in self.p.instances():
            if not name.startswith(service["ServiceId"]):
                continue
            try:
                lines = (self.p.run_dir() / "shims" / name / "state").read_text().splitlines()
            except FileNotFoundError:
                continue
            state = dict(line.split(" ", 1) for line in lines)
            if state["phase"] == "running":
                found[name.split(".")[1]] = int(state["init_pid"])
        return found

    # --- kills

    def kill_instance(self, service, short):
        self.kills.append(Kill(f"{service['ServiceName']}'s {short}", self.instances(service)[short], service["ServiceId"], short))

    def kill_edge(self):
        pid = self.p.run_file()["edge_pid"]
        self.kills.append(Kill("the front door", pid))
        until("there is another front door", lambda: self.p.run_file()["edge_pid"] not in (pid, None), seconds=20)

    # --- judgement

    def requests_written_down(self, service, paths):
        """The access log's records of these paths; it may be some moments behind."""
        group = f"/aws/apprunner/{service['ServiceName']}/{service['ServiceId']}/access"
        found = {}

        def looked():
            client, token = self.p.client("logs"), {}
            while True:
                page = client.filter_log_events(logGroupName=group, **token)
                for event in page["events"]:
                    record = json.loads(event["message"])
                    if record.get("path") in paths:
                        record["began"] = datetime.fromisoformat(record["time"].replace("Z", "+00:00")).timestamp()
                        found[record["path"]] = record
                if not page.get("nextToken"):
                    return len(found) == len(paths)
                token = {"nextToken": page["nextToken"]}

        try:
            until("the requests are written down", looked, seconds=5, pause=0.5)
        except AssertionError:
            pass  # A front door that was killed writes nothing down.
        return found

    def answers_within(self, service, seconds):
        began = time.monotonic()
        return self.p.https(service["ServiceUrl"], "/plain")[0] == 200 and time.monotonic() - began <= seconds

    def judge(self, service, counts, doors_lose_max=None):
        """Every failure is one of a kill of ours, or the test fails. Each front door that was killed may take so many with it."""
        failures = counts["failures"]
        records = self.requests_written_down(service, {one["path"] for one in failures}) if failures else {}
        excused, left = [], []
        for failure in failures:
            record = records.get(failure["path"])
            kill = next((kill for kill in self.kills if kill.excuses(service, failure, record)), None)
            (excused if kill else left).append((failure, record, kill))
        told = "\n".join(f"{json.dumps(failure)}\n    access log: {json.dumps(record)}" for failure, record, _ in left[:40])
        taken = collections.Counter(kill for _, _, kill in excused if kill.instance is None)
        assert not taken or max(taken.values()) <= doors_lose_max, f"so many were lost with each front door: {taken}"
        assert not left, f"{len(left)} requests failed that nobody's death excuses (of {total(counts)}); kills: {self.kills}\n{told}"
        return excused


def total(counts):
    return sum(counts[way]["ok"] + counts[way]["failed"] for way in WAYS if way in counts)


def figures(counts, phases):
    """Lines for people: how long answers took in each phase."""
    lines = [f"{total(counts)} requests, {len(counts['failures'])} failed, {counts['handed_back']} went to another connection untouched; {counts['versions']}"]
    for way in (way for way in WAYS if way in counts):
        spans = [f"{name} {one['p50_us'] / 1000:.1f} / {one['p99_us'] / 1000:.1f} / {one['max_us'] / 1000:.0f} ms (n={one['ok']})"
                 for name in phases if (one := counts[way]["phases"].get(name))]
        lines.append(f"{way}: p50 / p99 / most: " + ", ".join(spans))
    return "\n".join(lines)
