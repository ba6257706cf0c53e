"""kill -9 of platform, shim, front door and runtime at every step of every operation, with clients under load.

Each test first lets its operation run in peace and writes down the steps; then the operation is begun anew for each step, and somebody is killed there. In
the end it has succeeded, or failed with a cause and been rolled back; the status is true; as many instances run as shall; nothing is left behind.
Without more words every step of every operation is taken once for the platform and once for the shim, and some for the front door and the runtime;
OUTRUNNER_KILLS=all is the full matrix (tests/soak/kills). A step that is not reached is tried again; one that is never reached fails, or is named with why.
"""
import os
import threading
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from steps import Moments, Runtime, Steps, kill_edge, shims_of

from under_test import REGISTRY, Platform, leaks, until

ALL = os.environ.get("OUTRUNNER_KILLS") == "all"
ROUNDS = int(os.environ.get("OUTRUNNER_KILL_ROUNDS", "1"))
QUICK = [{"Key": "outrunner:stop-grace", "Value": "500ms"}]
# What is provoked here: who is killed is missed, and said to be gone.
SAID = [
    "the front door says no more; it is looked for", "the front door cannot be started", "the front door does not answer: it is ended",
    "the shim is gone; its instance is ended", "a shim does not hear what it is told", "a shim cannot be followed; it is tried again",
    "a shim does not listen and does not end", "an instance without a folder is ended", "a failed start leaves something behind",
    "a keeper's step failed; it will be tried again", "what is in flight is not known; what was wanted of late holds",
    "an instance cannot be woken for its end",
]
# Of each operation, some that it must have: a list that was not written down would be no test.
STEPS = {
    "create": ["commit.begin.before#1", "commit.begin.after#1", "effect.resolve.before#1", "commit.pin.after#1", "effect.start.before#1", "effect.start.after#1", "commit.absorb.after#2"],
    "update": ["commit.begin.after#1", "commit.pin.before#1", "effect.start.after#1", "effect.publish.before#1", "effect.stop.before#1", "effect.discard.taken#1"],
    "deploy": ["commit.begin.after#1", "commit.pin.before#1", "effect.start.after#1", "effect.publish.before#1", "effect.stop.before#1", "effect.discard.taken#1"],
    "pause": ["commit.begin.after#1", "effect.publish.after#1", "effect.stop.before#1", "effect.discard.after#1", "commit.absorb.after#1"],
    "resume": ["commit.begin.after#1", "effect.start.before#1", "effect.start.after#1", "effect.publish.after#1", "commit.absorb.after#2"],
    "delete": ["commit.begin.after#1", "effect.publish.after#1", "effect.stop.after#1", "effect.discard.before#1", "commit.absorb.after#1"],
}
WANTED = {"create": "RUNNING", "update": "RUNNING", "deploy": "RUNNING", "pause": "PAUSED", "resume": "RUNNING", "delete": "DELETED"}
BEFORE = {"create": None, "update": "RUNNING", "deploy": "RUNNING", "pause": "RUNNING", "resume": "PAUSED", "delete": "RUNNING"}
# Commands of the runtime that an operation gives, and when in each of them.
COMMANDS = {"create": "run", "update": "run", "deploy": "run", "resume": "run", "pause": "delete", "delete": "delete"}
MOMENTS = ["before", "begun", "made", "over"]
# How often an operation is begun for a step that it did not pass: looks melt into one, and then it has fewer of them.
TRIES = 4
# Of the steps that an operation need not have, so many may be missed in all tries: the n-th look is another one each time.
MISSED_SHARE = 0.1
# Of an operation that ends its instances: after this step there is no shim any more.
LAST_SHIM = {"pause": "effect.stop.before#1", "delete": "effect.stop.before#1"}
# Of an operation that begins them: before this step there is none.
FIRST_SHIM = {"create": "effect.start.after#1", "resume": "effect.start.after#1"}
# Moments between the steps: what takes its time there is killed in the middle.
ANY = [f"after.{ms}" for ms in range(5, 600, 35)]


class Looked(Platform):
    """A platform with one client for each of its lives: it is looked at every 20 ms, and making one takes longer."""

    def __init__(self, *words, **flags):
        super().__init__(*words, **flags)
        self.clients = {}

    def client(self, service):
        life = (service, self.process.pid)
        if life not in self.clients:
            self.clients[life] = super().client(service)
        return self.clients[life]


class Yard:
    """A platform with one service that is operated on, and one beside it whose clients must notice nothing."""

    def __init__(self, folder, images):
        self.steps, self.runtime, self.moments = Steps(folder / "steps"), Runtime(folder / "runtime"), Moments()
        self.p = Looked(folder, env={**self.steps.env, "OUTRUNNER_RUNTIME": str(self.runtime.program)})
        self.left_before = mine(self.p, leaks(self.p))
        self.p.allow(*SAID)
        self.number, self.service = 0, None
        # Of each operation, the steps that it passed when nobody was killed: learned once.
        self.known = {}

    def open(self, images):
        self.p.start()
        layout, _ = images("hello")
        self.p.offer(layout)
        self.beside = self.p.create("beside", "hello:v1")["Service"]
        self.p.until_status(self.beside["ServiceArn"], "RUNNING")

    @property
    def client(self):
        return self.p.client("apprunner")

    def alive(self):
        """Also after a test that failed in the middle."""
        self.steps.disarm()
        self.runtime.disarm()
        if self.p.process.poll() is not None:
            self.p.start()

    def describe(self):
        return self.client.describe_service(ServiceArn=self.service["ServiceArn"])["Service"]

    def operations(self):
        return self.client.list_operations(ServiceArn=self.service["ServiceArn"])["OperationSummaryList"]

    def create(self):
        self.number += 1
        self.service = None
        self.service = self.p.create(f"kill-{self.number}", "hello:v1", Tags=QUICK)["Service"]

    def prepare(self, status):
        """The service, or another one, rests like this."""
        before = self.service
        if before and self.describe()["Status"] not in ("RUNNING", "PAUSED"):
            before = None
        if status is None or not before:
            if self.service and before:
                self.client.delete_service(ServiceArn=before["ServiceArn"])
                until("the service before is gone", self.is_over, 60)
                # Its keeper passes steps too.
                self.settled("DELETED")
            self.service = None
            if status is None:
                return
            self.create()
            self.p.until_status(self.service["ServiceArn"], "RUNNING", 60)
        now = self.describe()["Status"]
        if now != status:
            if status == "PAUSED":
                self.client.pause_service(ServiceArn=self.service["ServiceArn"])
            else:
                self.client.resume_service(ServiceArn=self.service["ServiceArn"])
            self.p.until_status(self.service["ServiceArn"], status, 60)
        self.settled(status)

    def settled(self, status):
        """As many instances as shall run, and none that is on its way out."""
        count = 1 if status == "RUNNING" else 0
        mine = lambda: [name for name in self.p.instances() if name.startswith(self.service["ServiceId"])]
        until(f"{count} instances of a service that is {status}", lambda: len(mine()) == count and len(self.p_begun()) == count, 60)

    def p_begun(self):
        return shims_of(self.p, self.service["ServiceId"])

    def call(self, operation):
        if operation == "create":
            return self.create()
        arn = self.service["ServiceArn"]
        if operation == "update":
            self.number += 1
            settings = {"Port": "8080", "RuntimeEnvironmentVariables": {"GREETING": f"Hello {self.number}"}}
            image = {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR", "ImageConfiguration": settings}
            return self.client.update_service(ServiceArn=arn, SourceConfiguration={"ImageRepository": image})
        call = {"deploy": "start_deployment", "pause": "pause_service", "resume": "resume_service", "delete": "delete_service"}[operation]
        return getattr(self.client, call)(ServiceArn=arn)

    def is_over(self):
        return all("EndedAt" in operation for operation in self.operations())

    def in_peace(self, operation):
        """Runs it once; answers its steps."""
        self.prepare(BEFORE[operation])
        mark = self.steps.mark()
        self.call(operation)
        until("the operation is over", self.is_over, 60)
        self.settled(WANTED[operation])
        # What the next look does, it does at rest.
        return self.steps.since(mark)

    def one(self, operation, whom, step, which="newest"):
        """Begins it and kills somebody at a step. Answers why nobody was killed there; nothing if somebody was."""
        self.prepare(BEFORE[operation])
        known = 0 if operation == "create" else len(self.operations())
        name = f"kill-{self.number + 1}"
        place = self.steps if "#" in step else self.moments if step.startswith("after.") else self.runtime
        place.arm(step)
        outcome, mark = [], self.steps.mark()
        calling = threading.Thread(target=lambda: outcome.append(quietly(lambda: self.call(operation))))
        calling.start()
        try:
            missed = None if self.until_reached(place, operation, calling) else self.why_missed(step, mark)
            if not missed and place is not self.runtime:
                missed = self.kill(whom, which)
        finally:
            place.disarm()
        calling.join(60)
        if self.p.process.poll() is not None:
            self.p.start()
        if operation == "create" and self.service is None:
            # The answer was lost with the platform.
            made = [s for s in self.client.list_services()["ServiceSummaryList"] if s["ServiceName"] == name]
            self.service = made[0] if made else None
            if not made:
                assert may_be_nothing(whom, step), f"{outcome}: nothing is there"
                return missed
        until("the operation is over", self.is_over, 90)
        self.judge(operation, whom, step, known)
        return missed

    def why_missed(self, step, mark):
        if "#" not in step:
            return "all was over by then"
        name = step.split("#")[0]
        return f"all was over after {sum(one.startswith(name + '#') for one in self.steps.since(mark))} of {name}"

    def until_reached(self, place, operation, calling):
        def there():
            if place.reached():
                return "yes"
            if calling.is_alive() or self.service is None:
                return None
            return "over" if self.is_over() and len(self.p_begun()) == (1 if WANTED[operation] == "RUNNING" else 0) else None

        if until("the step is reached, or all is over", there, 60) == "yes":
            return True
        time.sleep(0.3)
        return place.reached()

    def kill(self, whom, which):
        """Answers why there was nobody to kill, or nothing."""
        if whom == "platform":
            self.p.kill()
        elif whom == "front door":
            kill_edge(self.p)
        elif whom == "shim" and self.service:
            shims = self.p_begun()
            if not shims:
                return "there was no shim"
            os.kill(shims[-1 if which == "newest" else 0][1], 9)
        else:
            return f"there was no {whom}"
        return None

    def judge(self, operation, whom, step, known):
        operations, status = self.operations(), self.describe()["Status"]
        last = operations[0]
        if len(operations) == known:
            assert may_be_nothing(whom, step) and status == BEFORE[operation], (operations, status)
        else:
            assert len(operations) == known + 1, operations
            if last["Status"] == "SUCCEEDED":
                assert status == WANTED[operation], (status, last)
            else:
                # Whoever ends an instance, or keeps it from beginning, may end the operation; nobody else.
                assert whom in ("shim", "runtime") and operation in ("create", "update", "deploy", "resume"), (last, status)
                rolled_back = {"create": "CREATE_FAILED", "resume": "PAUSED"}.get(operation, "RUNNING")
                assert last["Status"] in ("FAILED", "ROLLBACK_SUCCEEDED") and status == rolled_back, (last, status)
                events = self.p.events(self.service["ServiceName"])
                assert any(words in events for words in ("was lost", "the runtime", "its shim", "signal: 9")), events
        url = self.service["ServiceUrl"]
        if status == "RUNNING":
            until("the URL answers", lambda: answers(self.p, url) == 200, 30)
        else:
            until("the URL does not answer", lambda: answers(self.p, url) not in (200, None), 30)
        self.settled(status)

    def close(self):
        self.alive()
        self.p.stop()
        after = mine(self.p, leaks(self.p))
        assert after == self.left_before, "\n".join(sorted(set(after) ^ set(self.left_before)))


def may_be_nothing(whom, step):
    """Before the operation is written down nobody has promised anything."""
    return whom == "platform" and (step == "commit.begin.before#1" or step.startswith("after."))


SHARED = ["run /run/outrunner", "run /run/outrunner/ids", "run /run/outrunner/lock"]


def mine(p, lines):
    """Without what all platforms of a machine share, which the last one takes away, and without what others mount and name meanwhile."""
    is_mine = lambda line: not line.startswith(("mount here ", "netns-name ")) or str(p.folder) in line or p.run_dir().name in line
    return [line for line in lines if line not in SHARED and is_mine(line)]


def quietly(call):
    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        return error


def answers(p, url):
    try:
        return p.https(url)[0]
    except OSError:
        return None


@pytest.fixture(scope="module")
def yard(images, tmp_path_factory):
    made = Yard(tmp_path_factory.mktemp("yard"), images)
    try:
        made.open(images)
        yield made
        made.close()
    finally:
        # Also what could not be made, or not be closed.
        made.steps.disarm()
        made.runtime.disarm()
        made.p.outrunner("stop", check=False)


def through(yard, operation, whom, steps, tell, which="newest"):
    """Every step, whatever became of the one before; then what the clients of the service beside it have seen."""
    yard.alive()
    wrong, missed, kills = [], {}, 0
    for _ in range(ROUNDS):
        load, before = yard.p.load(yard.beside["ServiceUrl"], seconds=None, rate=10), kills
        for step in steps:
            why = None
            # A moment that has no name is no promise: it comes when all is over, or not.
            for _ in range(TRIES if step not in ANY else 1):
                try:
                    why = yard.one(operation, whom, step, which)
                except AssertionError as error:
                    wrong.append(f"{step}: {error}")
                    yard.alive()
                    yard.service, why = None, None
                    break
                if not why:
                    kills += 1
                    break
            if why:
                missed.setdefault(step, []).append(why)
        # What the last one left stands in nobody's way.
        yard.prepare(BEFORE[operation])
        counts = load.end()
        ways = ("keep_alive", "new_connection", "http2")
        failed = {way: counts[way]["failures"] for way in ways if counts[way]["failed"]}
        lost = sum(counts[way]["failed"] for way in ways)
        assert all(counts[way]["ok"] for way in ways), counts
        # A front door that dies takes with it what it had in flight; nobody else's death costs a request.
        if lost > (6 * (kills - before) if whom == "front door" else 0):
            wrong.append(f"requests to the service beside it failed: {failed}")
    tell(f"{operation}, {whom}: killed at {kills} of {len(steps) * ROUNDS} steps" + "".join(f"; not at {step}: {whys[-1]}" for step, whys in missed.items()))
    assert not wrong, "\n".join(wrong)
    never = {step: whys for step, whys in missed.items() if len(whys) == ROUNDS and step not in ANY}
    # The first time of a step is one that every such operation has.
    must = {step: whys for step, whys in never.items() if step.endswith("#1") or "#" not in step}
    assert not must, must
    assert len(never) <= max(1, len(steps) * MISSED_SHARE), never
    assert kills, "nobody was killed"


def steps_of(yard, operation):
    yard.alive()
    if operation not in yard.known:
        steps = yard.in_peace(operation)
        assert set(STEPS[operation]) <= set(steps), steps
        yard.known[operation] = steps
    return yard.known[operation]


@pytest.fixture
def tell(capsys):
    """Says how many steps were reached, and which were not and why, also when the test holds."""
    def said(words):
        with capsys.disabled():
            print(f"\nkills: {words}", flush=True)

    return said


PLATFORM = pytest.mark.promise(
    "kill -9 of the platform at any step of a create, update, deployment, pause, resume or delete",
    "The operation ends as if nothing had happened once the platform is back; running services answer all the time.",
    "Nothing.",
)
SHIM = pytest.mark.promise(
    "kill -9 of the shim of an instance at any step of an operation",
    "The operation succeeds, or fails with an event that says why and is rolled back; a serving instance is replaced.",
    "What that instance had in flight.",
)
EDGE = pytest.mark.promise(
    "kill -9 of the front door at any step of an operation (soak; at some of them in CI)",
    "New connections wait for the next front door, a moment later; the operation goes on.",
    "What it had in flight.",
)
RUNTIME = pytest.mark.promise(
    "kill -9 of the OCI runtime, or of its shim beside it, in the middle of a command (soak: of every operation; some in CI)",
    "The operation succeeds, or fails with an event that says why and is rolled back.",
    "Nothing.",
)


@PLATFORM
@pytest.mark.parametrize("operation", STEPS)
def test_an_operation_completes_although_the_platform_is_killed_at_any_step(yard, tell, operation):
    through(yard, operation, "platform", steps_of(yard, operation) + (ANY if ALL else []), tell)


@SHIM
@pytest.mark.parametrize("operation", STEPS)
def test_an_operation_ends_although_a_shim_is_killed_at_any_step(yard, tell, operation):
    steps = every = steps_of(yard, operation)
    if operation in FIRST_SHIM:
        steps = steps[steps.index(FIRST_SHIM[operation]):]
    if operation in LAST_SHIM:
        steps = steps[:steps.index(LAST_SHIM[operation]) + 1]
    if len(steps) < len(every):
        tell(f"{operation}, shim: there is none at {len(every) - len(steps)} of {len(every)} steps: {[step for step in every if step not in steps]}")
    through(yard, operation, "shim", steps + (ANY if ALL else []), tell)
    if ALL and operation in ("update", "deploy"):
        through(yard, operation, "shim", steps, tell, "oldest")


@EDGE
@pytest.mark.parametrize("operation", STEPS if ALL else ["update", "delete"])
def test_an_operation_completes_although_the_front_door_is_killed_at_any_step(yard, tell, operation):
    steps = steps_of(yard, operation)
    through(yard, operation, "front door", steps if ALL else [step for step in steps if "publish" in step], tell)


@RUNTIME
@pytest.mark.parametrize("operation", STEPS if ALL else ["create", "deploy", "pause"])
def test_an_operation_ends_although_the_runtime_is_killed_in_the_middle(yard, tell, operation):
    command = COMMANDS[operation]
    moments = [moment for moment in MOMENTS if moment != "made" or command == "run"]
    through(yard, operation, "runtime", [f"{command}.{moment}.runtime" for moment in moments], tell)
    through(yard, operation, "shim", [f"{command}.{moment}.shim" for moment in moments], tell)


@pytest.mark.promise(
    "kill -9 of the platform as it begins to deploy what was pushed",
    "It is deployed once the platform is back.",
    "Nothing.",
)
@pytest.mark.parametrize("step", ["commit.begin.before#1", "commit.begin.after#1"])
def test_what_was_pushed_is_deployed_although_the_platform_is_killed_as_it_begins(yard, images, step):
    yard.alive()
    p = yard.p
    layouts = [images("hello", tag=f"push{step.split('.')[2][0]}{n}", flags=["--env", f"GREETING=Push {step} {n}"])[0] for n in (1, 2)]
    tags = [f"push{step.split('.')[2][0]}{n}" for n in (1, 2)]
    p.push(layouts[0], tags[0], f"hello:{tags[0]}")
    image = {"ImageIdentifier": f"{REGISTRY}/hello:{tags[0]}", "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}}
    source = {"ImageRepository": image, "AutoDeploymentsEnabled": True}
    service = yard.client.create_service(ServiceName=tags[0], SourceConfiguration=source, Tags=QUICK)["Service"]
    p.until_status(service["ServiceArn"], "RUNNING", 60)
    yard.steps.arm(step)
    p.push(layouts[1], tags[1], f"hello:{tags[0]}")
    until("the deployment begins", yard.steps.reached, 30)
    p.kill()
    yard.steps.disarm()
    p.start()
    until("the new one answers", lambda: p.https(service["ServiceUrl"])[1].startswith(f"Push {step} 2"), 30)
    p.until_status(service["ServiceArn"], "RUNNING", 30)
    operations = yard.client.list_operations(ServiceArn=service["ServiceArn"])["OperationSummaryList"]
    assert [(one["Type"], one["Status"]) for one in operations] == [("START_DEPLOYMENT", "SUCCEEDED"), ("CREATE_SERVICE", "SUCCEEDED")]
    yard.client.delete_service(ServiceArn=service["ServiceArn"])


@pytest.mark.promise(
    "kill -9 of the platform while a service scales out",
    "Requests that wait for an instance are held and answered.",
    "Nothing.",
)
@pytest.mark.parametrize("step", ["effect.start.before#1", "effect.start.after#1", "effect.publish.before#1"])
def test_a_burst_is_answered_although_the_platform_is_killed_while_it_scales_out(yard, step):
    yard.alive()
    p, name = yard.p, "burst" + str(["effect.start.before#1", "effect.start.after#1", "effect.publish.before#1"].index(step))
    scaling = yard.client.create_auto_scaling_configuration(AutoScalingConfigurationName=name, MaxConcurrency=1, MinSize=1, MaxSize=3)
    arn = scaling["AutoScalingConfiguration"]["AutoScalingConfigurationArn"]
    service = p.create(name, "hello:v1", AutoScalingConfigurationArn=arn, Tags=QUICK)["Service"]
    p.until_status(service["ServiceArn"], "RUNNING", 60)
    yard.steps.arm(step)
    outcomes = []
    burst = [threading.Thread(target=lambda: outcomes.append(p.https(service["ServiceUrl"], "/wait/3000", timeout=60)[0])) for _ in range(3)]
    for request in burst:
        request.start()
    until("it scales out", yard.steps.reached, 30)
    p.kill()
    yard.steps.disarm()
    p.start()
    for request in burst:
        request.join(60)
    assert outcomes == [200, 200, 200], outcomes
    mine = [name for name in p.instances() if name.startswith(service["ServiceId"])]
    assert 1 <= len(mine) <= 3, mine
    yard.client.delete_service(ServiceArn=service["ServiceArn"])
    until("nothing of it stays", lambda: not [name for name in p.instances() if name.startswith(service["ServiceId"])], 60)
