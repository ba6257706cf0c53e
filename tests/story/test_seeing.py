"""The platform sees itself: figures that move when things happen, log lines that can be searched, traces that a collector reads, a bundle without secrets."""
import gzip
import http.client
import json
import re
import socket
import stat
import subprocess
import tarfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from under_test import BIN, ROOT, policy, run, until

SERIES_MAX = 4_000


# Everything that waits, or is under way, and may be so many at once. A queue that is new is written here too.
QUEUES_WITH_A_LIMIT = {
    "ledger writes", "ledger readers", "log catalogue writes", "log catalogue readers", "uploads", "instances", "platform log lines", "api calls", "api connections",
    "api connections by the front door", "api calls whose token is not verified", "api calls that are sent on", "api body bytes", "layer body bytes",
    "api body bytes to drop", "layer body bytes to drop", "log followers",
    "log queries", "log queries of the account with most", "live tails of the account with most", "registry requests", "registry manifests",
    "registry bodies sent", "layer unpacks", "commands in instances", "connections at an instance's door", "calls at an instance's door",
    "calls at an instance's door that are sent on", "credential calls at an instance's door", "edge connections", "edge handshakes", "edge access notes",
    "requests for instances of the service with most", "scrapes", "log batches compressed", "token issuer connections", "token issuers asked", "changes to the network",
    "names that instances may reach", "instances whose memory is written out",
}
# Those that other limits bound: services, layers of an image, threads.
QUEUES_WITHOUT = {"runtime tasks", "instance starts", "image pulls", "name lookups", "requests for instances"}


def page(p, path="/metrics", host=None):
    api = p.run_file()["api"]
    connection = http.client.HTTPConnection(api, timeout=20)
    connection.request("GET", path, headers={"Host": host or api})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def scrape(p):
    """Every sample of a page by name and labels, as Prometheus' own parser reads it."""
    status, headers, text = page(p)
    assert status == 200 and headers["content-type"].startswith("application/openmetrics-text"), (status, text)
    families = list(text_string_to_metric_families(text))
    samples = {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}
    return families, samples


def value(samples, name, **labels):
    """The sum of the series of a name that have these labels."""
    wanted = set(labels.items())
    return sum(v for (n, found), v in samples.items() if n == name and wanted <= set(found))


def documented():
    return set(re.findall(r"^\| `(outrunner_\w+)`", (ROOT / "docs" / "metrics.md").read_text(), re.M))


def test_figures_move_when_things_happen_and_all_of_them_are_documented(platform, images):
    p = platform().start()
    _, before = scrape(p)
    layout, _ = images("hello")
    p.offer(layout)
    arn = p.create("seen", f"hello:v1")["Service"]["ServiceArn"]
    p.until_status(arn, "RUNNING")
    url = p.client("apprunner").describe_service(ServiceArn=arn)["Service"]["ServiceUrl"]
    for _ in range(5):
        assert p.https(url)[0] == 200
    assert p.https(url.replace(url.split(".")[0], "nobodyhere"))[0] == 404
    with pytest.raises(Exception, match="InvalidRequestException|ValidationException"):
        p.client("apprunner").describe_service(ServiceArn="nonsense")

    until("lines are taken over", lambda: value(scrape(p)[1], "outrunner_log_lines_total") > 0)
    # What waits shows while it waits: somebody who follows the service's lines, and one who holds a connection to the API's address.
    followed = subprocess.Popen([BIN / "outrunner", "logs", "-f", "seen", "--data-dir", p.data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    idle = socket.create_connection(p.run_file()["api"].rsplit(":", 1))
    until("the follower counts", lambda: value(scrape(p)[1], "outrunner_queue_length", queue="log followers") == 1)
    until("the connections count", lambda: value(scrape(p)[1], "outrunner_queue_length", queue="api connections") >= 2)
    families, after = scrape(p)
    idle.close()
    followed.terminate()
    followed.communicate(timeout=30)
    until("the follower is gone", lambda: value(scrape(p)[1], "outrunner_queue_length", queue="log followers") == 0, 60)

    def moved(name, least=1, **labels):
        difference = value(after, name, **labels) - value(before, name, **labels)
        assert difference >= least, f"{name}{labels} moved by {difference}"

    moved("outrunner_api_calls_total", call="apprunner:CreateService", fault="")
    moved("outrunner_api_calls_total", call="apprunner:DescribeService", fault="InvalidRequestException")
    moved("outrunner_api_call_seconds_count", call="apprunner:CreateService")
    moved("outrunner_registry_requests_total", part="upload")
    moved("outrunner_registry_requests_total", part="manifest", verb="put", **{"class": "2xx"})
    moved("outrunner_operations_begun_total", kind="create")
    moved("outrunner_operation_seconds_count", kind="create", outcome="succeeded")
    moved("outrunner_effect_seconds_count", effect="start", outcome="done")
    moved("outrunner_effect_seconds_count", effect="publish", outcome="done")
    moved("outrunner_commit_seconds_count")
    moved("outrunner_keeper_step_seconds_count")
    moved("outrunner_database_write_seconds_count", database="ledger", outcome="done")
    moved("outrunner_database_wait_seconds_count", database="ledger")
    moved("outrunner_instance_starts_total", cause="none", ahead="false")
    for phase in ("image", "disk", "bundle", "shim", "pairing", "network", "runtime"):
        moved("outrunner_instance_start_phase_seconds_count", phase=phase)
    moved("outrunner_instance_ready_seconds_count")
    moved("outrunner_layer_unpack_seconds_count")
    moved("outrunner_log_line_bytes_total")
    moved("outrunner_blobs")
    moved("outrunner_blob_bytes", least=1000)
    moved("outrunner_services", status="running")
    moved("outrunner_keepers")
    moved("outrunner_instances", state="ready")
    moved("outrunner_edge_answers_total", least=5, **{"class": "2xx"})
    moved("outrunner_edge_refusals_total", cause="unknown_host")
    moved("outrunner_edge_handshakes_total", least=6, outcome="done")
    moved("outrunner_edge_connections_accepted_total", least=6, scheme="https")
    moved("outrunner_edge_upstream_connections_total", kind="new")
    moved("outrunner_edge_answer_seconds_count", least=6)
    moved("outrunner_service_requests_total", least=5, service=arn.rsplit("/", 1)[1])
    moved("outrunner_processes", program="shim")

    assert value(after, "outrunner_edge_up") == 1
    assert value(after, "outrunner_scrape_part_failed") == 0
    for program in ("platform", "edge", "shim"):
        assert 50_000 < value(after, "outrunner_process_pss_bytes", program=program) < 1 << 30
    assert value(after, "outrunner_certificate_left_seconds") > 86_400
    limits = {dict(labels)["queue"] for (name, labels) in after if name == "outrunner_queue_limit"}
    assert limits == QUEUES_WITH_A_LIMIT, limits ^ QUEUES_WITH_A_LIMIT
    queues = {dict(labels)["queue"] for (name, labels) in after if name == "outrunner_queue_length"}
    assert queues == limits | QUEUES_WITHOUT, queues ^ limits ^ QUEUES_WITHOUT
    for queue in limits:
        assert value(after, "outrunner_queue_length", queue=queue) <= value(after, "outrunner_queue_limit", queue=queue), queue

    for what in ("log segments", "image copies", "instance disks"):
        assert value(after, "outrunner_stored_bytes_limit", what=what) >= 1 << 29, what
    assert value(after, "outrunner_image_copy_bytes") == 0

    names = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    assert names <= documented(), names - documented()
    assert all(family.documentation.endswith(".") for family in families)
    assert len(after) < SERIES_MAX
    p.client("apprunner").delete_service(ServiceArn=arn)
    until("the end is counted", lambda: value(scrape(p)[1], "outrunner_instance_ends_total", asked="true") > 0)
    p.stop()


def test_figures_are_for_this_machine_alone_and_never_at_the_front_door(platform):
    p = platform().start()
    assert page(p)[0] == 200
    assert page(p, host="localhost")[0] == 200
    status, _, text = page(p, host="figures.attacker.example")
    assert status == 403 and "this machine" in text
    port = p.run_file()["https"].rsplit(":", 1)[1]
    status, text = p.https(f"api.outrunner.localhost:{port}", "/metrics")
    assert status == 404 and "outrunner_" not in text
    # Many at once are told to come again, and nobody waits.
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(page(p)[0])) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join(timeout=30) for thread in threads]
    assert set(answers) <= {200, 503} and 200 in answers and len(answers) == 20
    p.stop()


def test_figures_of_a_strangers_calls_are_bounded(platform):
    p = platform().start()
    api = p.run_file()["api"]
    for n in range(50):
        connection = http.client.HTTPConnection(api, timeout=20)
        connection.request("POST", "/", "{}", {"X-Amz-Target": f"AppRunner.Invented{n}", "Content-Type": "application/x-amz-json-1.0"})
        assert connection.getresponse().status >= 400
    _, samples = scrape(p)
    assert value(samples, "outrunner_api_calls_total", call="unknown") == 50
    assert len([1 for (name, _) in samples if name == "outrunner_api_calls_total"]) < 20
    p.stop()


def test_a_line_is_an_event_with_fields_and_an_answers_request_id_is_in_it(platform):
    p = platform("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--log-format", "json").start()
    answer = p.client("apprunner").list_services()
    request_id = answer["ResponseMetadata"]["RequestId"]
    lines = [json.loads(line) for line in p.log().splitlines()]
    assert all({"time", "level", "room", "message"} <= line.keys() for line in lines)
    found = [line for line in lines if line.get("request_id") == request_id]
    assert [line["message"] for line in found] == ["api call"]
    assert found[0]["call"] == "apprunner:ListServices" and found[0]["status"] == 200 and found[0]["seconds"] >= 0, found
    edge = [json.loads(line) for line in (p.data / "edge.log").read_text().splitlines()]
    assert edge and all({"time", "level", "room", "message"} <= line.keys() for line in edge)
    until("the lines are kept too", lambda: (p.data / "platform.log").read_text() == p.log())
    assert stat.S_IMODE((p.data / "platform.log").stat().st_mode) == 0o600
    p.stop()


def test_an_operations_lines_are_found_by_its_id(platform, images):
    p = platform("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--log-format", "json").start()
    layout, _ = images("hello")
    p.offer(layout)
    created = p.create("seen", "hello:v1")
    p.until_status(created["Service"]["ServiceArn"], "RUNNING")
    lines = [json.loads(line) for line in p.log().splitlines()]
    messages = [line["message"] for line in lines if line.get("operation") == created["OperationId"]]
    assert messages[0] == "an operation has begun" and "an operation has ended" in messages, messages
    begun = next(line for line in lines if line["message"] == "an operation has begun")
    assert begun["request_id"] == created["ResponseMetadata"]["RequestId"] and begun["service_name"] == "seen"
    ready = next(line for line in lines if line["message"] == "an instance is ready")
    assert ready["service"] == begun["service"] and 0 < ready["seconds"] < 60
    p.stop()


class TraceCollector:
    """A collector of traces: takes OTLP in protobuf as the official package decodes it. `manner` makes it slow, refuse or lie."""

    def __init__(self):
        self.spans, self.posts, self.manner = [], 0, "good"
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                collector.posts += 1
                body = self.rfile.read(int(self.headers["content-length"]))
                if collector.manner == "slow":
                    time.sleep(30)
                if collector.manner == "refuse":
                    self.send_response(400)
                    self.end_headers()
                    return
                if collector.manner == "lie":
                    self.send_response(200)
                    self.send_header("content-length", "9000000000")
                    self.end_headers()
                    self.wfile.write(b"\xff" * (1 << 20))
                    return
                assert self.path == "/v1/traces" and self.headers["content-type"] == "application/x-protobuf"
                request = ExportTraceServiceRequest.FromString(body)
                for resource in request.resource_spans:
                    attributes = {a.key: a.value.string_value for a in resource.resource.attributes}
                    assert attributes["service.name"] == "outrunner"
                    for scope in resource.scope_spans:
                        collector.spans += scope.spans
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def collector():
    made = TraceCollector()
    yield made
    made.server.shutdown()
    made.server.server_close()


PORTS = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]


def test_an_operation_is_one_trace_from_the_callers_span_to_the_published_route(platform, images, collector):
    p = platform(*PORTS, "--otlp", collector.address).start()
    layout, _ = images("hello")
    p.offer(layout)
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    client = p.client("apprunner")
    client.meta.events.register(
        "before-send.apprunner.CreateService", lambda request, **_: request.headers.__setitem__("traceparent", f"00-{trace}-{parent}-01")
    )
    source = {
        "ImageRepository": {
            "ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1",
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"Port": "8080"},
        },
        "AutoDeploymentsEnabled": False,
    }
    created = client.create_service(ServiceName="traced", SourceConfiguration=source)
    p.until_status(created["Service"]["ServiceArn"], "RUNNING")

    def tree():
        return {span.name: span for span in collector.spans if span.trace_id.hex() == trace}

    spans = until("the operation's end is exported", lambda: tree() if "operation create" in tree() else None)
    call = spans["apprunner:CreateService"]
    assert call.parent_span_id.hex() == parent and call.kind == 2
    operation = spans["operation create"]
    assert operation.parent_span_id == call.span_id
    assert operation.span_id.hex() == created["OperationId"].replace("-", "")[16:]
    by_id = {span.span_id: span for span in collector.spans}
    for name in ("effect resolve", "effect start", "effect publish", "commit"):
        assert spans[name].parent_span_id == operation.span_id or by_id[spans[name].parent_span_id].name.startswith("effect"), name
    for name in ("image", "network", "runtime"):
        start = by_id[spans[f"start {name}"].parent_span_id]
        assert start.name == "instance_start" and by_id[start.parent_span_id].name == "effect start", name
    writes = [span for span in collector.spans if span.name == "ledger_write" and span.parent_span_id == call.span_id]
    assert writes, "the call's own commit"
    for span in spans.values():
        assert call.start_time_unix_nano - 10**9 < span.start_time_unix_nano <= span.end_time_unix_nano, span.name
    attributes = {a.key: a.value.string_value for a in call.attributes}
    assert attributes["request_id"] == created["ResponseMetadata"]["RequestId"]
    until("they are counted", lambda: value(scrape(p)[1], "outrunner_trace_spans_total", outcome="exported") >= len(spans))
    p.stop()


@pytest.mark.promise("The collector of traces is absent, slow, refuses or lies.", "Nothing.", "Spans of traces, and they are counted.")
@pytest.mark.parametrize("manner", ["absent", "slow", "refuse", "lie"])
def test_a_collector_that_is_no_use_costs_spans_and_nothing_else(platform, collector, manner):
    address = collector.address
    if manner == "absent":
        with socket.create_server(("127.0.0.1", 0)) as closed:
            address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    collector.manner = manner
    p = platform(*PORTS, "--otlp", address).start()
    client = p.client("apprunner")
    began = time.monotonic()
    for _ in range(100):
        client.list_services()
    assert time.monotonic() - began < 20
    if manner == "refuse":
        until("refused spans are counted", lambda: value(scrape(p)[1], "outrunner_trace_spans_total", outcome="dropped_refused") > 0)
    if manner == "lie":
        until("what it said it took counts as taken", lambda: value(scrape(p)[1], "outrunner_trace_spans_total", outcome="exported") > 0, 30)
    assert value(scrape(p)[1], "outrunner_queue_length", queue="trace spans") <= 4_096
    began = time.monotonic()
    assert p.terminate() == 0 and time.monotonic() - began < 20
    p.judge_log()


def test_a_collector_must_be_an_address(tmp_path):
    done = run(BIN / "outrunner", "serve", "--data-dir", tmp_path / "x", "--otlp", "https://collector.example", check=False)
    assert done.returncode == 2 and "--otlp" in done.stderr and not (tmp_path / "x").exists()


CANARIES = [f"canary{n}Zq8Xw3Lk" for n in range(8)]


def test_a_bundle_for_a_bug_report_holds_what_it_needs_and_no_secret(platform, images, tmp_path, programs):
    variable, printed, command, tag, registry_password, url_password, stored, parameter = CANARIES
    auth = tmp_path / "auth.json"
    auth.write_text(json.dumps({"auths": {"registry.example": {"username": "me", "password": registry_password}}}))
    auth.chmod(0o600)
    p = platform(*PORTS, "--registry-auth", str(auth)).start()
    source = tmp_path / "app.c"
    source.write_text(
        "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { printf(\"token %s\\n%s\\n\", getenv(\"API_TOKEN\"), \"" + printed + "\");"
        " fflush(stdout); return 3; }\n"
    )
    layout, _ = images("leaky", source=source)
    p.offer(layout, image="leaky:v1")
    secret_arn = p.client("secretsmanager").create_secret(Name="shop/db", SecretString=stored)["ARN"]
    p.client("ssm").put_parameter(Name="/shop/url", Value=parameter, Type="SecureString")
    # Both are in the app's environment, so that they have gone through everything that the platform writes about it.
    role = p.role("Runner", trust="tasks.apprunner.amazonaws.com")
    reads = policy(Action=["secretsmanager:GetSecretValue", "ssm:GetParameters"], Resource="*")
    p.aws("iam", "put-role-policy", "--role-name", "Runner", "--policy-name", "reads", "--policy-document", reads)
    more = {
        "RuntimeEnvironmentVariables": {"API_TOKEN": variable},
        "RuntimeEnvironmentSecrets": {"DB": secret_arn, "URL": "/shop/url"},
        "StartCommand": f"/leaky --key {command}",
    }
    size = {"Cpu": "256", "Memory": "512", "InstanceRoleArn": role}
    arn = p.create("leaky", "leaky:v1", more=more, InstanceConfiguration=size, Tags=[{"Key": "note", "Value": tag}])["Service"]["ServiceArn"]
    p.until_status(arn, "CREATE_FAILED", 60)
    assert printed in p.events("leaky") or printed in p.log(), "the app's own words have got around"
    # Somebody's mistake: a password in an image's name.
    with pytest.raises(Exception):
        p.create("other", f"leaky:v1?https://me:{url_password}@x.example/")
    with open(p.data / "platform.log", "a") as log:
        log.write(f"pulled https://me:{url_password}@registry.example/x, password={registry_password}\n")

    secret = p.env()["AWS_SECRET_ACCESS_KEY"]
    master = (p.data / "master.key").read_bytes()
    bundle = tmp_path / "bundle.tar.gz"
    told = run(BIN / "outrunner", "doctor", "--data-dir", p.data, *p.flags, "--bundle", bundle)
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    whole = gzip.decompress(bundle.read_bytes())
    for canary in [*CANARIES, secret, master.hex()]:
        assert canary.encode() not in whole, canary
    assert master not in whole
    assert b"PRIVATE KEY" not in whole
    with tarfile.open(bundle) as archive:
        parts = {m.name.removeprefix("outrunner-bundle/"): archive.extractfile(m).read().decode() for m in archive.getmembers()}
    assert all(f"outrunner-bundle/{name}" in told for name in parts), told
    service = arn.rsplit("/", 1)[1]
    expected = {"about.json", "doctor.json", "host.json", "settings.json", "run.json", "metrics.txt", "files.txt", "platform.log", "edge.log"}
    assert expected | {f"services/{service}.json", f"services/{service}.events.txt"} <= parts.keys()
    assert parts["missing.txt"].strip() == ""
    assert json.loads(parts[f"services/{service}.json"])["service"]["Image"]["variables"] == ["API_TOKEN"]
    assert "CREATE_FAILED" in parts[f"services/{service}.json"]
    assert "outrunner_build" in parts["metrics.txt"] and "the platform is ready" in parts["platform.log"]
    assert "exit code" in parts[f"services/{service}.events.txt"].lower()
    again = run(BIN / "outrunner", "doctor", "--data-dir", p.data, "--bundle", bundle, check=False)
    assert again.returncode == 2 and "there already" in again.stderr

    # A platform that is dead still has a report.
    p.kill()
    dead = tmp_path / "dead.tar.gz"
    run(BIN / "outrunner", "doctor", "--data-dir", p.data, *p.flags, "--bundle", dead)
    with tarfile.open(dead) as archive:
        missing = archive.extractfile("outrunner-bundle/missing.txt").read().decode()
        log = archive.extractfile("outrunner-bundle/platform.log").read().decode()
    assert "has ended without saying so" in missing and "the platform is ready" in log
    p.stop()
