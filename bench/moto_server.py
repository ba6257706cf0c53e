"""moto's server, the peer for calls of the API: it answers AWS's calls from memory, and neither checks a signature nor decides anything.

It has no App Runner. Secrets Manager's calls are alike: one thing of a thousand is described by its ARN, a page of them is listed, one is created; the same protocol.
"""
import subprocess
import time
from pathlib import Path

READY_SECONDS = 30


class Moto:
    def __init__(self, program, things):
        from per_request import free_port

        self.address = ("127.0.0.1", free_port())
        words = [str(program), "-H", self.address[0], "-p", str(self.address[1])]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.things = things

    def __enter__(self):
        # A signal that ends the bench arrives here as an exception of any kind, and `with` does not end what has not been entered.
        try:
            return self.ready()
        except BaseException:
            self.__exit__()
            raise

    def ready(self):
        import boto3
        from botocore.config import Config

        endpoint = f"http://{self.address[0]}:{self.address[1]}"
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.client = boto3.client("secretsmanager", "us-east-1", endpoint_url=endpoint, config=Config(retries={"total_max_attempts": 1}), **keys)
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.client.list_secrets(MaxResults=1)
                break
            except Exception:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.arns = [self.client.create_secret(Name=f"call-{n}", SecretString="s")["ARN"] for n in range(self.things)]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # Nothing, if it has ended.
            self.process.kill()
            self.process.wait()

    @property
    def pids(self):
        return [self.process.pid]
