"""Calls of the AWS API with 1,000 services: what a DescribeService and a page of ListServices cost, signature and policies included, and a CreateService until it is durable.

Two callers: root, for whom no policy is read, and a user with fifty statements, all of which are. Requests are signed before their round: the client only sends bytes and
looks at the status. The services' image is not there, so that no instance takes the cores: they end CREATE_FAILED. Beside them moto's server answers what is alike.
"""
import json
import os
import socket
import subprocess
import time
from collections import namedtuple
from statistics import median, quantiles

from moto_server import Moto
from process import cpu_us
from table import ratio, single, spread
from under_test import REGION, REGISTRY, policy, until

SERVICES = 1000
LATER = 100
PAGE = 20
ROUNDS = 8
PEER_CALLS = 250
SETTLE_SECONDS = 5
# One whole period: services that rest, and their logs, are looked after once a minute, all in one burst (LOOK_AGAIN_EMPTY, PUMP_PAUSE_EMPTY).
REST_SECONDS = 60
DECISION_RUNS = 5
STATEMENTS = 50
# A managed policy has at most 6,144 characters.
STATEMENTS_OF_A_POLICY = 25

Caller = namedtuple("Caller", "name key secret")
# What a kind of call is, who makes it, and what of moto is alike.
Kind = namedtuple("Kind", "name caller operation documents peer_name peer_requests")
ROOT, USER = "root", "a user with 50 statements"


def measure(table, platform):
    decision(table)
    callers = [root(platform), user(platform)]
    host, port = platform.run_file()["api"].rsplit(":", 1)
    address = (host, int(port))
    create = [signed(callers[1], address, "CreateService", wish(f"call-{n}")) for n in range(SERVICES)]
    answers, took = sent(address, create)
    table.row("CreateService, durable, a thousand one after another while they are looked for", spread(took, "ms", 2), n=SERVICES)
    arns = [json.loads(answer)["Service"]["ServiceArn"] for answer in answers]
    client = platform.client("apprunner")
    # Every one has been looked for and not been found; then the platform rests.
    until("no operation is under way", lambda: at_rest(client), seconds=180, pause=0.5)
    pids = [platform.process.pid]
    time.sleep(SETTLE_SECONDS)
    table.row("CPU of the platform with 1,000 services at rest", single(cpu_at_rest(pids) / 10_000, "% of a core", 2))
    with Moto(os.environ["OUTRUNNER_MOTO"], SERVICES) as moto:
        for kind in kinds(callers, client, moto, arns):
            row_of_a_kind(table, address, kind, moto, pids)
        later = [signed(callers[1], address, "CreateService", wish(f"later-{n}")) for n in range(LATER)]
        answers, took = sent(address, later)
        created = [moto_request(moto, "CreateSecret", {"Name": f"later-{n}", "SecretString": "s"}) for n in range(LATER)]
        _, theirs = sent(moto.address, created)
        figure = "CreateService with 1,000 services there, durable, beside moto's CreateSecret in memory"
        table.row(figure, spread(took, "ms", 2), spread(theirs, "ms", 2), f"{median(took) / median(theirs):.2f}", LATER)
    for arn in arns + [json.loads(answer)["Service"]["ServiceArn"] for answer in answers]:
        client.delete_service(ServiceArn=arn)


def decision(table):
    """By the room's own program: one that reads a document once and decides over it again and again."""
    program = os.environ["OUTRUNNER_POLICY_DECISION"]
    runs = [float(subprocess.run([program], check=True, capture_output=True, text=True).stdout) / 1000 for _ in range(DECISION_RUNS)]
    table.row("policy decision over 50 statements", spread(runs, "µs", 2), n=DECISION_RUNS)


def kinds(callers, client, moto, arns):
    tokens, more = [{}], {}
    while (page := client.list_services(MaxResults=PAGE, **more)).get("NextToken"):
        more = {"NextToken": page["NextToken"]}
        tokens.append(more)
    pages = [{"MaxResults": PAGE, **tokens[n % len(tokens)]} for n in range(SERVICES)]
    one = [moto_request(moto, "DescribeSecret", {"SecretId": arn}) for arn in moto.arns[:PEER_CALLS]]
    listed = [moto_request(moto, "ListSecrets", {"MaxResults": PAGE})] * PEER_CALLS
    for caller in callers:
        yield Kind(f"DescribeService by {caller.name}", caller, "DescribeService", [{"ServiceArn": arn} for arn in arns], "DescribeSecret", one)
        yield Kind(f"ListServices, 20 of them, by {caller.name}", caller, "ListServices", pages, "ListSecrets", listed)


def row_of_a_kind(table, address, kind, moto, pids):
    cpu, theirs, took, waited = [], [], [], []
    # Round 0 warms both up.
    for n in range(ROUNDS + 1):
        requests = [signed(kind.caller, address, kind.operation, document) for document in kind.documents]
        used, times = used_for(address, requests, pids)
        peer_used, peer_times = used_for(moto.address, kind.peer_requests, moto.pids)
        if n > 0:
            cpu.append(used / len(requests))
            theirs.append(peer_used / len(kind.peer_requests))
            took += times
            waited += peer_times
    table.row(f"{kind.name}, 1,000 services: calls a core", spread([1e6 / one for one in cpu], "/s", 0), spread([1e6 / one for one in theirs], "/s", 0), n=ROUNDS)
    table.row(f"{kind.name}: CPU of a call, beside moto's {kind.peer_name}", spread(cpu, "µs"), spread(theirs, "µs"), ratio(cpu, theirs), ROUNDS)
    ours, peer = p99(took), p99(waited)
    table.row(f"{kind.name}: p99, beside moto's {kind.peer_name}", single(ours, "ms", 2), single(peer, "ms", 2), f"{ours / peer:.2f}", len(took))


def p99(times):
    return quantiles(times, n=100)[98]


def wish(name):
    source = {
        "ImageRepository": {"ImageIdentifier": f"{REGISTRY}/nothing:here", "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}},
        "AutoDeploymentsEnabled": False,
    }
    return {"ServiceName": name, "SourceConfiguration": source, "InstanceConfiguration": {"Cpu": "256", "Memory": "512"}}


def root(platform):
    env = platform.env()
    return Caller(ROOT, env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"])


def statement(n):
    """As an organisation writes them: half of them speak of the calls, with a variable or a condition, and only the last allows them."""
    if n + 1 == STATEMENTS:
        # Who creates a service without an access role lends it his own right to the image.
        return {"Effect": "Allow", "Action": ["apprunner:*", "ecr:*"], "Resource": "*"}
    if n % 4 == 0:
        return {"Effect": "Deny", "Action": "apprunner:*Service*", "Resource": f"arn:aws:apprunner:*:*:service/${{aws:username}}-{n}/*"}
    if n % 2 == 0:
        where = {"StringLike": {"aws:PrincipalTag/team": [f"team-{n}*", "nobody"]}}
        return {"Effect": "Deny", "Action": ["apprunner:Describe*", "apprunner:List*"], "Resource": "*", "Condition": where}
    return {"Effect": "Allow", "Action": ["logs:Get*", "logs:Describe*"], "Resource": f"arn:aws:logs:{REGION}:*:log-group:/aws/{n}/*"}


def user(platform):
    iam = platform.client("iam")
    iam.create_user(UserName="bench", Tags=[{"Key": "team", "Value": "blue"}])
    for first in range(0, STATEMENTS, STATEMENTS_OF_A_POLICY):
        statements = [statement(n) for n in range(first, first + STATEMENTS_OF_A_POLICY)]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        made = iam.create_policy(PolicyName=f"bench-{first}", PolicyDocument=document)
        iam.attach_user_policy(UserName="bench", PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName="bench")["AccessKey"]
    return Caller(USER, key["AccessKeyId"], key["SecretAccessKey"])


def signed(caller, address, operation, document):
    """A request's bytes."""
    return request(caller, address, "apprunner", f"AppRunner.{operation}", "1.0", document)


def moto_request(moto, operation, document):
    return request(Caller("moto", "test", "test"), moto.address, "secretsmanager", f"secretsmanager.{operation}", "1.1", document)


def request(caller, address, service, target, version, document):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    body = json.dumps(document)
    headers = {"Host": f"{address[0]}:{address[1]}", "X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{version}"}
    made = AWSRequest("POST", f"http://{address[0]}:{address[1]}/", headers, body)
    SigV4Auth(Credentials(caller.key, caller.secret), service, REGION).add_auth(made)
    lines = [f"{name}: {value}" for name, value in made.headers.items()]
    return "\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", body]).encode()


def used_for(address, requests, pids):
    """CPU time of these processes for all of them, in microseconds, and the milliseconds until each answer."""
    before = cpu_us(pids)
    _, took = sent(address, requests)
    return cpu_us(pids) - before, took


def sent(address, requests):
    """The answers, and milliseconds until each. A server that closes after an answer, as moto's does, gets a new connection outside that time."""
    answers, took, stream = [], [], None
    try:
        for one in requests:
            if stream is None:
                stream = socket.create_connection(address, timeout=30)
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.perf_counter()
            stream.sendall(one)
            body, closes = answer(stream)
            took.append((time.perf_counter() - began) * 1000)
            answers.append(body)
            if closes:
                stream.close()
                stream = None
    finally:
        if stream is not None:
            stream.close()
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


def answer(stream):
    """The body of a 200, and whether the server closes behind it."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = stream.recv(65536)
        assert piece, "the server closed the connection"
        head += piece
    head, body = head.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200 "), (head + body)[:2000]
    length = int(next(line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")))
    while len(body) < length:
        piece = stream.recv(length - len(body))
        assert piece, "the server closed the connection"
        body += piece
    return body, b"\r\nconnection: close" in head.lower()
