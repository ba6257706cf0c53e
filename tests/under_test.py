"""A platform under test: the real binary on a data dir and ports of its own, with the real clients aimed at it.

Everything it starts is ended by its own process id. A WARN or ERROR in the platform's log that a test did not expect fails the test.
"""
import hashlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(os.environ.get("OUTRUNNER_BIN", ROOT / "target" / "debug")).resolve()
VENV = ROOT / "target" / "venv" / "bin"
ACCOUNT, REGION = "000000000000", "us-east-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
BUILDS = "build.apprunner.amazonaws.com"
PULL_POLICY = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"


def policy(**statement):
    """A policy document of one statement, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


# A load that nobody ends ends by itself.
LOAD_SECONDS_MAX = int(os.environ.get("OUTRUNNER_LOAD_SECONDS_MAX", "900"))


class CommandFailed(AssertionError):
    """A client ended with another code than 0; its words are the message."""


def run(*words, env=None, stdin=None, check=True, timeout=120):
    """Runs a program and answers its standard output."""
    words = [str(word) for word in words]
    done = subprocess.run(words, env=env, input=stdin, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise CommandFailed(f"{' '.join(words)}: code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout if check else done


def until(what, condition, seconds=20.0, pause=0.02):
    """Looks until the condition answers something true; fails with what it was about."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last answer: {answer!r}")
        time.sleep(pause)


class Platform:
    """`outrunner serve` with ports that the kernel chooses."""

    def __init__(self, folder, *flags, env=None):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.log_path = self.folder / "serve.log"
        self.flags = list(flags) or ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]
        self.extra_env = env or {}
        self.process = None
        # What callers do wrong again and again is theirs, and said once an hour.
        self.allowed = [r"WARN .*api::audit: too many calls of one caller fail"]
        self.beside = []
        self.read_to = 0
        # Whether somebody has judged the log since the last start; what never ran has said nothing.
        self.judged = True

    # --- life

    def start(self, wait=True):
        self.judged = False
        with open(self.log_path, "ab") as log:
            # Stories count instances and do not wait for those made ahead; the ones about them ask for them.
            env = {"OUTRUNNER_SPARES": "0", **os.environ, "OUTRUNNER_LOG": "info", **self.extra_env}
            words = [str(BIN / "outrunner"), "serve", "--data-dir", str(self.data), *self.flags]
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=env, start_new_session=True)
        if wait:
            until("the platform is ready", self.is_ready)
            # The next start takes the same ports: clients hold URLs.
            bound = self.run_file()
            self.flags = ["--api", bound["api"], "--http", bound["http"], "--https", bound["https"]]
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the platform ended with code {self.process.returncode}:\n{self.log()}")
        try:
            bound = self.run_file()
            if bound["pid"] != self.process.pid:
                return False
            with urllib.request.urlopen(f"http://{bound['api']}/healthz", timeout=2) as answer:
                return answer.read() == b"ok\n"
        except (OSError, ValueError):
            return False

    def kill(self):
        """kill -9 of the platform alone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def terminate(self, seconds=60):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def stop(self):
        """`outrunner stop`, whatever is left, then the log is judged."""
        run(BIN / "outrunner", "stop", "--data-dir", self.data)
        if self.process.poll() is None:
            self.process.wait(timeout=30)
        self.judge_log()

    def end_what_is_beside(self):
        """Loads and clients that a failed test did not end."""
        for process in self.beside:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.beside.clear()

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def allow(self, *patterns):
        """These WARN and ERROR lines are what the test provokes. What is a bug is never allowed."""
        self.allowed += patterns

    def judge_log(self):
        self.judged = True
        plain = re.sub(r"\x1b\[[0-9;]*m", "", self.log())
        bad = [line for line in plain.splitlines() if re.search(r"^\S+\s+(WARN|ERROR) ", line) or "panicked" in line]
        is_bug = lambda line: re.search(r"panicked|broke down|a call failed on our side(?!, and may succeed later)", line)
        bad = [line for line in bad if is_bug(line) or not any(re.search(pattern, line) for pattern in self.allowed)]
        assert not bad, "unexpected lines in the log:\n" + "\n".join(bad)

    def run_file(self):
        return json.loads((self.data / "run.json").read_text())

    def run_dir(self):
        """What is derived from the data dir: /run/outrunner/<first 8 hexadecimal digits of its hash>."""
        return Path("/run/outrunner") / hashlib.sha256(os.fsencode(self.data.resolve())).hexdigest()[:8]

    def instances(self):
        """The instances' folders: one each, whatever the ledger says."""
        shims = self.run_dir() / "shims"
        return sorted(os.listdir(shims)) if shims.exists() else []

    def made_ahead(self):
        """Of them, those that wait for their first instruction: the short name of each, with its process."""
        return self.processes("created")

    def begun(self):
        return self.processes("running")

    def processes(self, phase):
        found = {}
        for name in self.instances():
            try:
                state = dict(line.split(" ", 1) for line in (self.run_dir() / "shims" / name / "state").read_text().splitlines())
            except FileNotFoundError:
                continue
            if state["phase"] == phase:
                found[name.split(".")[1]] = state["init_pid"]
        return found

    # --- clients

    def env(self):
        """The environment that `outrunner env` prints, and a home without anybody's settings."""
        printed = run(BIN / "outrunner", "env", "--data-dir", self.data)
        env = {"PATH": f"{VENV}:{os.environ['PATH']}", "HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}
        for name, value in re.findall(r"^export (\w+)='(.*)'$", printed, re.M):
            env[name] = value
        env["AWS_EC2_METADATA_DISABLED"] = "true"
        env["REGISTRY_AUTH_FILE"] = str(self.folder / "auth.json")
        Path(env["HOME"]).mkdir(exist_ok=True)
        return env

    def aws(self, *words, check=True):
        """The stock command line; JSON as Python."""
        answer = run(VENV / "aws", *words, env=self.env(), check=check)
        return json.loads(answer) if check and answer.strip().startswith(("{", "[")) else answer

    def client(self, service):
        """A boto3 client without retries, so that a fault is seen once."""
        import boto3
        from botocore.config import Config

        env = self.env()
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://{self.run_file()['api']}",
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )

    def outrunner(self, *words, check=True):
        return run(BIN / "outrunner", *words, "--data-dir", self.data, check=check)

    def registry_host(self):
        return f"localhost:{self.run_file()['api'].rsplit(':', 1)[1]}"

    def login(self):
        password = self.aws("ecr", "get-login-password")
        host = self.registry_host()
        run("skopeo", "login", "--tls-verify=false", "--username", "AWS", "--password-stdin", host, env=self.env(), stdin=password)

    def push(self, layout, tag, name, *flags):
        """Copies an image of a layout into our registry."""
        target = f"docker://{self.registry_host()}/{name}"
        words = ["skopeo", "--insecure-policy", "copy", *flags, "--dest-tls-verify=false", f"oci:{layout}:{tag}", target]
        return run(*words, env=self.env())

    def offer(self, layout, tag="v1", image="hello:v1", *flags):
        """Makes the image's repository, logs in, pushes."""
        self.client("ecr").create_repository(repositoryName=image.split(":")[0])
        self.login()
        self.push(layout, tag, image, *flags)

    def curl(self, url, *flags, check=True):
        return run("curl", "-sS", "--max-time", "20", *flags, url, env=self.env(), check=check)

    def https(self, url, path="/", timeout=20):
        """GET through the front door, with the platform's own authority; (status, text)."""
        host, port = url.split(":") if ":" in url else (url, "443")
        context = ssl.create_default_context(cafile=str(self.data / "ca.pem"))
        # Python's resolver does not know that .localhost is this machine.
        with socket.create_connection(("127.0.0.1", int(port)), timeout=timeout) as tcp:
            with context.wrap_socket(tcp, server_hostname=host) as tls:
                tls.sendall(f"GET {path} HTTP/1.1\r\nHost: {url}\r\nConnection: close\r\n\r\n".encode())
                answer = http.client.HTTPResponse(tls)
                answer.begin()
                return answer.status, answer.read().decode()

    def load(self, url, seconds, rate=50, path="/", expect="Hello", elsewhere=False):
        """Starts open-loop load on a service; `Load.end` answers the counts. One from `elsewhere` has the cores first, as a client on a machine of its own has."""
        return Load(self, url, seconds, rate, path, expect, elsewhere)

    # --- roles

    def role(self, name, trust=BUILDS, path="/", attach=()):
        """Makes a role that a service may take, with the stock command; answers its ARN."""
        document = policy(Principal={"Service": trust}, Action="sts:AssumeRole")
        words = ["--role-name", name, "--path", path, "--assume-role-policy-document", document]
        arn = self.aws("iam", "create-role", *words)["Role"]["Arn"]
        for attached in attach:
            self.aws("iam", "attach-role-policy", "--role-name", name, "--policy-arn", attached)
        return arn

    # --- services

    def create(self, name, image, port="8080", **members):
        source = {
            "ImageRepository": {
                "ImageIdentifier": f"{REGISTRY}/{image}",
                "ImageRepositoryType": "ECR",
                "ImageConfiguration": {"Port": port, **members.pop("more", {})},
            },
            "AutoDeploymentsEnabled": False,
        }
        if "role" in members:
            source["AuthenticationConfiguration"] = {"AccessRoleArn": members.pop("role")}
        members.setdefault("InstanceConfiguration", {"Cpu": "256", "Memory": "512"})
        return self.client("apprunner").create_service(ServiceName=name, SourceConfiguration=source, **members)

    def status(self, arn):
        return self.client("apprunner").describe_service(ServiceArn=arn)["Service"]["Status"]

    def until_status(self, arn, status, seconds=30):
        client = self.client("apprunner")
        def reached():
            now = client.describe_service(ServiceArn=arn)["Service"]["Status"]
            return now == status

        until(f"{arn} is {status}", reached, seconds)

    def events(self, name):
        return self.outrunner("events", name)


def leaks(p):
    """What platform `p` can leave on the machine. What other platforms and programs on it start and end meanwhile is left out."""
    lines = run(ROOT / "tests" / "leakcheck.sh", env={**os.environ, "LEAKCHECK_SETTLE_MS": "1000"}).splitlines()
    assert len(lines) > 50, "the machine was looked at"
    tag = p.run_dir().name

    def concerns(line):
        section = line.split(" ", 1)[0]
        tags = re.findall(r"(?:outrunner[-_/]|or-)([0-9a-f]{8})", line)
        if tags and tag not in tags:
            return False
        if section == "process":
            return tag in line or str(p.folder) in line
        if section == "mount":
            # The pool of a platform beside this one is named by its data dir only.
            is_others = line.startswith("mount here ") and "/scratch/pool" in line and str(p.folder) not in line
            return not is_others and (line.startswith("mount here ") or tag in line)
        if section == "loop":
            return str(p.folder) in line
        if section == "cgroup":
            # Each of ours is below one that is named by the platform; programs beside us make and remove theirs all the time.
            return tag in line
        # Counters of live namespaces move with every container, sandbox and test of others; ours show as mounts, links and processes.
        return section not in ("namespaces", "unix-listen") or tag in line

    return [line for line in lines if concerns(line)]


class Load:
    """Requests at a fixed rate for so many seconds; without a number, until `end` is called."""

    def __init__(self, platform, url, seconds, rate, path, expect, elsewhere):
        port = url.rsplit(":", 1)[1] if ":" in url else "443"
        words = [BIN / "examples" / "open_loop", "--connect", f"127.0.0.1:{port}", "--host", url, "--ca", platform.data / "ca.pem"]
        words += ["--seconds", seconds or LOAD_SECONDS_MAX, "--rate", rate, "--path", path, "--expect", expect]
        words += [] if seconds else ["--end", "input"]
        # Niceness would not do: where a session is a group of the scheduler (sched(7), autogroup), it says nothing to those of other sessions.
        words = ["chrt", "--rr", "1", *words] if elsewhere else words
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self.process = subprocess.Popen([str(word) for word in words], text=True, **pipes)
        platform.beside.append(self.process)
        first = self.process.stderr.readline()
        assert first.strip() == "started", f"the load did not start: {first}{self.process.stderr.read()}"

    def end(self):
        # Whoever ends one that has ended by itself has not looked at the time since then.
        ended_early = "input" in self.process.args and self.process.poll() is not None
        out, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, err
        assert not ended_early, f"the load ended by itself after {LOAD_SECONDS_MAX} s: OUTRUNNER_LOAD_SECONDS_MAX"
        return json.loads(out)
