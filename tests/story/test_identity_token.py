"""Two platforms: a service on one takes a role of the other, which it knows as AWS, with a token that lies in its instance and with no stored key."""
import contextlib
import json
import socket
import subprocess
import threading
from pathlib import Path

import jwt
import program_image
import pytest

from under_test import ACCOUNT, BIN, REGION, ROOT, Platform, policy, run

AWS = "111122223333"
HOST = f"oidc.{REGION}.home.localhost"
TOKEN = "/run/secrets/outrunner/token"
ASKS = ROOT / "tests" / "story" / "instance_role" / "asking_service.py"
# An address of this machine's that is not the instances' own: where the other platform's API is reached.
ADDRESS = "192.0.2.78"


@contextlib.contextmanager
def address():
    run("ip", "address", "replace", f"{ADDRESS}/32", "dev", "lo")
    try:
        yield
    finally:
        run("ip", "address", "delete", f"{ADDRESS}/32", "dev", "lo")


class Passage:
    """Carries connections to an address that instances reach on to the other platform's API, byte by byte."""

    def __init__(self, api):
        self.to = api.rsplit(":", 1)[0], int(api.rsplit(":", 1)[1])
        self.listener = socket.create_server((ADDRESS, 0))
        self.at = f"{ADDRESS}:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.listener.accept()
                there = socket.create_connection(self.to)
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    @staticmethod
    def carry(one, other):
        with contextlib.suppress(OSError):
            while piece := one.recv(65_536):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)


@pytest.fixture
def platforms(tmp_path):
    """The one at home, whose domain is a public one as far as it is told, and the one that is AWS; both are ended whatever happens."""
    https = ("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:443")
    home = Platform(tmp_path / "home", *https, env={"OUTRUNNER_DOMAIN": "home.localhost", "OUTRUNNER_IDENTITY_TOKENS": "on"})
    trusted = {"OUTRUNNER_ISSUER_CA": str(tmp_path / "home" / "data" / "ca.pem"), "OUTRUNNER_ISSUER_PRIVATE": HOST, "OUTRUNNER_ACCOUNT": AWS}
    aws = Platform(tmp_path / "aws", env=trusted)
    for p in (home, aws):
        p.folder.mkdir()
    with address():
        yield home, aws
        for p in (home, aws):
            if p.process is not None and p.data.exists():
                subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(p.data)], capture_output=True, timeout=120)
                if p.process.poll() is None:
                    p.process.kill()
                    p.process.wait()


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    program, files, environment = program_image.python()
    files.add(f"{ASKS}=/srv/asking_service.py")
    return program_image.pack(tmp_path_factory.mktemp("asks") / "layout", [program, "/srv/asking_service.py"], files, environment)


def read(p, path):
    """What everybody reads of the issuer through the front door."""
    status, text = p.https(HOST, path)
    assert status == 200, (status, text)
    return json.loads(text)


def verified(p, token):
    """The claims of a token, as a library that others use finds them."""
    assert read(p, "/.well-known/openid-configuration")["jwks_uri"] == f"https://{HOST}/keys"
    keys = jwt.PyJWKSet.from_dict(read(p, "/keys"))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience="sts.amazonaws.com", issuer=f"https://{HOST}")


def role_of(aws):
    iam = aws.client("iam")
    provider = iam.create_open_id_connect_provider(Url=f"https://{HOST}", ClientIDList=["sts.amazonaws.com"])["OpenIDConnectProviderArn"]
    trust = {
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}, "StringLike": {f"{HOST}:sub": f"service:{ACCOUNT}:{REGION}:asks:*"}},
    }
    return iam.create_role(RoleName="Runner", AssumeRolePolicyDocument=policy(**trust))["Role"]["Arn"]


def instance_file(p, path):
    """A file as the instance's first process has it."""
    [init] = p.begun().values()
    return Path(f"/proc/{init}/root{path}")


def test_a_service_takes_a_role_of_another_account_with_the_token_in_its_instance(platforms, image):
    home, aws = platforms
    home.start()
    aws.start()
    role = role_of(aws)
    passage = Passage(aws.run_file()["api"])
    home.offer(image, image="asks:v1")
    variables = {"AWS_ENDPOINT_URL": f"http://{passage.at}"}
    made = home.create(
        "asks", "asks:v1", InstanceConfiguration={"Cpu": "256", "Memory": "512", "InstanceRoleArn": role},
        Tags=[{"Key": "outrunner:reach", "Value": passage.at}], more={"RuntimeEnvironmentVariables": variables},
    )["Service"]
    arn, url = made["ServiceArn"], made["ServiceUrl"]
    home.until_status(arn, "RUNNING", 90)

    who = json.loads(home.https(url, "/who")[1])
    assert who["Arn"] == f"arn:aws:sts::{AWS}:assumed-role/Runner/asks" and who["Account"] == AWS, who

    # The token: verified by another library, with the service's id in it, and the instance's to read only.
    token = instance_file(home, TOKEN).read_text()
    claims = verified(home, token)
    assert claims["sub"] == f"service:{ACCOUNT}:{REGION}:asks:{arn.rsplit('/', 1)[1]}", claims
    assert 3_600 <= claims["exp"] - claims["iat"] <= 86_400
    [init] = home.begun().values()
    mounted = [line.split() for line in Path(f"/proc/{init}/mountinfo").read_text().splitlines() if f" {TOKEN.rsplit('/', 1)[0]} " in line]
    assert [line[5].split(",")[0] for line in mounted] == ["ro"], mounted
    assert instance_file(home, TOKEN).stat().st_mode & 0o777 == 0o444
    described = json.dumps(home.client("apprunner").describe_service(ServiceArn=arn)["Service"], default=str)
    assert "WEB_IDENTITY" not in described and token not in described
    environ = Path(f"/proc/{init}/environ").read_bytes().decode()
    assert f"AWS_WEB_IDENTITY_TOKEN_FILE={TOKEN}" in environ and "AWS_CONTAINER_CREDENTIALS" not in environ, environ

    # The other side knows who came.
    events = aws.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRoleWithWebIdentity"}])
    assert {event["Username"] for event in events["Events"]} == {claims["sub"]}, events

    # Nothing but the issuer is behind its host, for whoever asks.
    for path in ("/v2/", "/healthz", "/"):
        assert home.https(HOST, path)[0] == 404, path

    # Platform gone and back: the token stays, the keys are the same, and the app takes the role anew.
    before = read(home, "/keys")
    home.kill()
    home.start()
    assert read(home, "/keys") == before
    assert instance_file(home, TOKEN).read_text() == token
    assert json.loads(home.https(url, "/who")[1])["Account"] == AWS
    home.stop()
    aws.stop()


def test_a_role_of_another_account_is_refused_where_nobody_could_ask_for_our_keys(platform):
    p = platform()
    p.start()
    words = p.aws(
        "apprunner", "create-service", "--service-name", "asks", "--source-configuration",
        json.dumps({"ImageRepository": {"ImageIdentifier": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hello:1", "ImageRepositoryType": "ECR"}}),
        "--instance-configuration", json.dumps({"InstanceRoleArn": f"arn:aws:iam::{AWS}:role/Runner"}), check=False,
    )
    assert "Error in assuming instance role" in words.stderr and "--identity-tokens on" in words.stderr, words.stderr
    p.stop()
