"""Where the tutorial is followed: a platform on the default ports, a real dockerd, a witness before the API, and a shell in which commands are said
as the tutorial prints them. Everything it starts is ended by its own process id.
"""
import json
import os
import subprocess
import threading
from pathlib import Path

from container_engine import ContainerEngine
from transcript import Transcript
from under_test import ACCOUNT, BIN, REGION, REGISTRY, ROOT, VENV, CommandFailed, Platform, run, until
from witness import Witness

BASE_IMAGES = ROOT / "target" / "base-images"
AWS_V2 = ROOT / "target" / "aws-v2" / "dist"
FLASK = ROOT / "examples" / "flask"
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


class Workplace:
    def __init__(self, folder, *flags):
        self.folder = Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        flags = flags or ("--api", "127.0.0.1:4566", "--http", ":80", "--https", ":443")
        # As users run it: instances made ahead, too.
        self.platform = Platform(folder, *flags, env={"OUTRUNNER_SPARES": "16"})
        self.docker = ContainerEngine(self.folder / "docker")
        self.witness = None
        self.transcript = Transcript()
        self.said = {}
        # The name that the tutorial prints; the localhost form is for trying a part of the lab where `trust` cannot be.
        self.registry = os.environ.get("LAB_REGISTRY", REGISTRY)
        self.aws_home = VENV
        self.kept = {}

    def start(self):
        self.platform.start()
        self.witness = Witness(self.platform.run_file()["api"])
        return self

    def end(self):
        if self.witness is not None:
            self.witness.end()
        if self.platform.process is not None and self.platform.data.exists():
            subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(self.platform.data)], capture_output=True, timeout=120)
            if self.platform.process.poll() is None:
                self.platform.process.kill()
                self.platform.process.wait()
        self.docker.end()

    def step(self, text):
        return self.transcript.step(text)

    def env(self):
        """What a person's shell has after `eval "$(outrunner env)"`; the endpoints lead through the witness."""
        base = {"PATH": f"{self.aws_home}:{VENV}:{BIN}:{os.environ['PATH']}", "HOME": str(self.home), "LANG": "C.UTF-8"}
        base |= {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "SSL_CERT_FILE"}
        words = ["bash", "-c", 'eval "$(outrunner env --data-dir "$0")" && env -0', str(self.platform.data)]
        printed = run(*words, env=base)
        env = dict(pair.split("=", 1) for pair in printed.split("\0") if "=" in pair)
        for name, value in env.items():
            if name.startswith("AWS_ENDPOINT_URL"):
                env[name] = value.replace(self.platform.run_file()["api"], self.witness.address)
        env |= self.docker.env()
        env |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "REGISTRY_AUTH_FILE": str(self.folder / "auth.json")}
        env |= {"REGION": REGION, "ACCOUNT_ID": ACCOUNT, "REGISTRY": self.registry, "IMAGE": f"{self.registry}/apprunner-flask-demo"}
        return env | self.said

    def say(self, command, folder=None, check=True, timeout=180):
        """A command as a person types it; answers what it printed."""
        words = ["bash", "-c", f"set -euo pipefail\n{command}"]
        done = subprocess.run(words, env=self.env(), cwd=folder or self.folder, capture_output=True, text=True, timeout=timeout)
        self.transcript.command(command, done.stdout + done.stderr)
        if check and done.returncode != 0:
            raise CommandFailed(f"{command}: code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout if check else done

    def json(self, command, **more):
        return json.loads(self.say(command, **more))

    def client(self, service, region=REGION):
        """A boto3 client without retries, whose answers the witness reads too."""
        import boto3
        from botocore.config import Config

        env = self.env()
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://{self.witness.address}",
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )

    def until_done(self, arn, seconds=240):
        """Waits until the newest operation of a service is over; answers its status and the service's."""
        client = self.client("apprunner")

        def over():
            newest = client.list_operations(ServiceArn=arn, MaxResults=1)["OperationSummaryList"][0]
            status = client.describe_service(ServiceArn=arn)["Service"]["Status"]
            return (newest["Status"], status) if newest["Status"] not in ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS") else None

        return until(f"the operation of {arn} is over", over, seconds, pause=0.5)

    def get(self, url, path="/"):
        """GET by the platform's own authority, without the machine's names."""
        return self.platform.https(url, path)

    def flask_folder(self, name, message=None, broken=False):
        """The application's folder with another message, or one that ends at its start, as a person edits it."""
        folder = self.folder / name
        if not folder.exists():
            subprocess.run(["cp", "-r", str(FLASK), str(folder)], check=True)
        text = (FLASK / "app.py").read_text()
        line = 'MESSAGE = "Hello from App Runner"'
        assert line in text
        if broken:
            text = text.replace(line, 'MESSAGE = os.environ["NOT_SET"]')
        elif message is not None:
            text = text.replace(line, f'MESSAGE = "{message}"')
        (folder / "app.py").write_text(text)
        return folder


def in_background(calls):
    """Runs each call on a thread of its own; answers what they answered, in order, an exception as itself."""
    answers = [None] * len(calls)

    def run_one(at, call):
        try:
            answers[at] = call()
        except Exception as error:
            answers[at] = error

    threads = [threading.Thread(target=run_one, args=(at, call)) for at, call in enumerate(calls)]
    for thread in threads:
        thread.start()

    def end():
        for thread in threads:
            thread.join()
        return answers

    return end


class Follower:
    """A command that goes on printing, until the lines wanted have come."""

    def __init__(self, words, env):
        self.lines = []
        self.process = subprocess.Popen([str(word) for word in words], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def until(self, text, seconds=30):
        until(f"a line with {text!r}", lambda: any(text in line for line in self.lines) or self.process.poll(), seconds, pause=0.1)
        assert any(text in line for line in self.lines), "".join(self.lines)

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.thread.join(timeout=5)
