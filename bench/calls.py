"""Calls of the AWS API with 1,000 services: CreateService until it is durable, and what a DescribeService costs, signature and policy included.

The caller is a session of a role whose own policy allows both, so every call is verified and judged. Requests are signed ahead: the client
only sends bytes and looks at the status. The services' image is not there, so that no instance takes the cores: they end CREATE_FAILED.
"""
import json
import socket
import time

from process import cpu_us
from table import single, spread
from under_test import ACCOUNT, REGION, REGISTRY, policy, until

SERVICES = 1000
ROUNDS = 8
REST_SECONDS = 5
TARGET = "AppRunner.{}"


def measure(table, platform):
    session = session_of_a_role(platform)
    host, port = platform.run_file()["api"].rsplit(":", 1)
    address = (host, int(port))
    create = [signed(session, address, "CreateService", wish(n)) for n in range(SERVICES)]
    answers, took = created(address, create)
    table.row("CreateService, durable", spread(took, "ms", 2), n=SERVICES)
    arns = [json.loads(answer)["Service"]["ServiceArn"] for answer in answers]
    client = platform.client("apprunner")
    # Every one has been looked for and not been found; then the platform rests.
    until("no operation is under way", lambda: at_rest(client), seconds=120, pause=0.5)
    describe = [signed(session, address, "DescribeService", {"ServiceArn": arn}) for arn in arns]
    cpu, rate = [], []
    described(address, describe, [platform.process.pid])
    resting = cpu_at_rest([platform.process.pid])
    for _ in range(ROUNDS):
        used, seconds = described(address, describe, [platform.process.pid])
        # What the platform does for 1,000 services anyway is no part of a call; it has a row of its own.
        cpu.append((used - resting * seconds) / SERVICES)
        rate.append(SERVICES / seconds)
    table.row("DescribeService with signature and policy, 1,000 services, a core", spread([1e6 / one for one in cpu], "/s", 0), n=ROUNDS)
    table.row("— CPU of the platform for a call", spread(cpu, "µs"), n=ROUNDS)
    table.row("— calls a second, closed loop of one, client on these cores too", spread(rate, "/s", 0), n=ROUNDS)
    table.row("— CPU of the platform with 1,000 services at rest", single(resting / 10_000, "% of a core", 2))
    for arn in arns:
        client.delete_service(ServiceArn=arn)


def wish(n):
    source = {
        "ImageRepository": {"ImageIdentifier": f"{REGISTRY}/nothing:here", "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}},
        "AutoDeploymentsEnabled": False,
    }
    return {"ServiceName": f"call-{n}", "SourceConfiguration": source, "InstanceConfiguration": {"Cpu": "256", "Memory": "512"}}


def session_of_a_role(platform):
    iam = platform.client("iam")
    trust = policy(Principal={"AWS": ACCOUNT}, Action="sts:AssumeRole")
    arn = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    # Who creates a service without an access role lends it his own right to the image.
    actions = ["apprunner:CreateService", "apprunner:DescribeService", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    iam.put_role_policy(RoleName="bench", PolicyName="calls", PolicyDocument=policy(Action=actions, Resource="*"))
    return platform.client("sts").assume_role(RoleArn=arn, RoleSessionName="bench")["Credentials"]


def signed(session, address, operation, document):
    """A request's bytes."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    body = json.dumps(document)
    headers = {"Host": f"{address[0]}:{address[1]}", "X-Amz-Target": TARGET.format(operation), "Content-Type": "application/x-amz-json-1.0"}
    request = AWSRequest("POST", f"http://{address[0]}:{address[1]}/", headers, body)
    credentials = Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    SigV4Auth(credentials, "apprunner", REGION).add_auth(request)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", body]).encode()


def created(address, requests):
    """The answers, and milliseconds until each."""
    answers, took = [], []
    with socket.create_connection(address, timeout=30) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            began = time.perf_counter()
            stream.sendall(request)
            answers.append(answer(stream))
            took.append((time.perf_counter() - began) * 1000)
    return answers, took


def cpu_at_rest(pids):
    """Microseconds a second."""
    before, began = cpu_us(pids), time.perf_counter()
    time.sleep(REST_SECONDS)
    return (cpu_us(pids) - before) / (time.perf_counter() - began)


def at_rest(client):
    more = {}
    while True:
        page = client.list_services(**more)
        if any(one["Status"] == "OPERATION_IN_PROGRESS" for one in page["ServiceSummaryList"]):
            return False
        if not page.get("NextToken"):
            return True
        more = {"NextToken": page["NextToken"]}


def described(address, requests, pids):
    """CPU time of the platform for all of them, in microseconds, and the seconds that they took."""
    before, began = cpu_us(pids), time.perf_counter()
    with socket.create_connection(address, timeout=30) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            stream.sendall(request)
            answer(stream)
    return cpu_us(pids) - before, time.perf_counter() - began


def answer(stream):
    """The body of a 200."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = stream.recv(65536)
        assert piece, "the platform closed the connection"
        head += piece
    head, body = head.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200 "), (head + body)[:2000]
    length = int(next(line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")))
    while len(body) < length:
        body += stream.recv(length - len(body))
    return body
