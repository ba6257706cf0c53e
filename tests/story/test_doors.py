"""The platform's own hosts at the front door: only this machine finds them, unless `--doors-public` says otherwise."""
import json
import subprocess

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from under_test import REGION, REGISTRY, policy, run

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def other_machine():
    """A network namespace at the other end of a cable; answers a function that runs programs there."""
    process = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo made; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "made\n"
    run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1", "netns", str(process.pid))
    run("ip", "addr", "add", f"{HERE}/24", "dev", "cable0")
    run("ip", "link", "set", "cable0", "up")

    def there(*words, **more):
        return run("nsenter", f"--net=/proc/{process.pid}/ns/net", "--", *words, **more)

    there("ip", "addr", "add", f"{THERE}/24", "dev", "cable1")
    there("ip", "link", "set", "cable1", "up")
    yield there
    process.stdin.close()
    process.wait(timeout=20)
    run("ip", "link", "del", "cable0", check=False)


def asked(p, port, host, program=run):
    words = ["--cacert", str(p.data / "ca-bundle.pem"), "--connect-to", f"::{HERE}:{port}", f"https://{host}:{port}/v2/"]
    return program("curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", *words)


@pytest.mark.parametrize("flags, status", [([], "404"), (["--doors-public"], "401")])
def test_another_machine_finds_the_registry_only_where_the_doors_are_public(platform, other_machine, flags, status):
    p = platform("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0", *flags).start()
    port = p.run_file()["https"].rsplit(":", 1)[1]
    for host in (REGISTRY, "registry.outrunner.localhost"):
        assert asked(p, port, host) == "401", "this machine is asked for its login"
        assert asked(p, port, host, other_machine) == status, host
    p.stop()


def signed(p, key, host):
    """A curl of ListServices at the API's host, signed for it; with header fields that claim to come from elsewhere."""
    port = p.run_file()["https"].rsplit(":", 1)[1]
    url, target = f"https://{host}:{port}/", "AppRunner.ListServices"
    request = AWSRequest("POST", url, data="{}", headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target})
    SigV4Auth(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "apprunner", REGION).add_auth(request)
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.7;proto=http"}
    fields = [word for field in {**request.headers, **forged}.items() for word in ("-H", ": ".join(field))]
    words = ["--cacert", str(p.data / "ca-bundle.pem"), "--connect-to", f"::{HERE}:{port}", *fields, "-d", "{}", url]
    return ["curl", "-sS", "--max-time", "20", "-w", "%{http_code}", *words]


def test_where_a_call_at_the_front_door_comes_from_is_what_its_connection_says(platform, other_machine):
    p = platform("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0", "--doors-public").start()
    iam = p.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    for condition, is_allowed in [
        ({"IpAddress": {"aws:SourceIp": f"{THERE}/32"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["127.0.0.0/8", f"{HERE}/32", "203.0.113.0/24"]}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
    ]:
        iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=policy(Action="apprunner:*", Resource="*", Condition=condition))
        said = other_machine(*signed(p, key, "api.outrunner.localhost"))
        assert said.endswith("200" if is_allowed else "400") and ("AccessDenied" in said) != is_allowed, (condition, said)
    events = p.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ListServices"}])["Events"]
    assert {json.loads(event["CloudTrailEvent"])["sourceIPAddress"] for event in events} == {THERE}, events
    p.stop()
