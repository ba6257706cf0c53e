"""The classic App Runner tutorial, followed as it is printed, by real clients: one story in ten tests, each the ground for the next.

Each step is printed with its time; the table and the whole transcript are in target/lab.md. After each step every answer of the API has been read
against botocore's own model: an undeclared member or fault fails the step.
"""
import hashlib
import json
import os
import re
import shutil
import socket
import stat
from pathlib import Path

import pytest
from under_test import ACCOUNT, BIN, REGION, REGISTRY, ROOT, leaks, run, until
from workplace import AWS_V2, BASE_IMAGES, BUNDLE, FLASK, Follower, in_background

NAME = "apprunner-flask-demo"
ROLE = "AppRunnerECRAccessRole"
POLICY = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"
MIRROR = "localhost:4566"
# What `trust` and `setup` may write below, and must restore byte for byte.
HELD = [Path("/etc"), Path("/usr/local/share/ca-certificates")]


@pytest.fixture(autouse=True)
def answers_are_read(lab):
    yield
    if lab.witness is not None:
        offences, lab.witness.offences = lab.witness.offences, []
        assert offences == [], "\n".join(sorted(set(offences)))


def bytes_of(folders):
    """Every file and link below the folders, so that two looks can be compared."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                found[str(path)] = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                found[str(path)] = (oct(status.st_mode), hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def failures(counts):
    return {way: counts[way]["failures"] for way in ("keep_alive", "new_connection", "http2") if counts[way]["failed"]}


def source_configuration(lab, tag, automatic):
    """A file for `--source-configuration`, as the tutorial's but for the tag and the switch."""
    source = json.loads((FLASK / "service.json").read_text())["SourceConfiguration"]
    source["ImageRepository"]["ImageIdentifier"] = f"{REGISTRY}/{NAME}:{tag}"
    source["AutoDeploymentsEnabled"] = automatic
    path = lab.folder / f"source-{tag}-{automatic}.json"
    path.write_text(json.dumps(source))
    return f"file://{path}"


def message(lab):
    return json.loads(lab.get(lab.said["SERVICE_URL"])[1])["message"]


def test_1_the_platform_and_the_machine_know_each_other(lab, nothing):
    with lab.step("before: a dockerd of its own, machine looked at"):
        lab.docker.start()
        lab.docker.warm(nothing)
        lab.kept["leaks"] = leaks(lab.platform)
        lab.kept["bytes"] = bytes_of([*HELD, lab.home])
    with lab.step("sudo outrunner serve: ready"):
        lab.start()
    with lab.step("2. outrunner trust, setup, env, doctor"):
        shown = lab.say("outrunner trust --dry-run") + lab.say("outrunner setup --dry-run")
        assert shown and bytes_of([*HELD, lab.home]) == lab.kept["bytes"], "a dry run changes nothing"
        lab.say("outrunner trust")
        lab.say("outrunner setup")
        once = bytes_of([*HELD, lab.home])
        lab.say("outrunner trust")
        lab.say("outrunner setup")
        assert bytes_of([*HELD, lab.home]) == once, "said twice is said once"
        for region in (REGION, "eu-central-1", "ap-southeast-2"):
            assert socket.gethostbyname(f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com").startswith("127."), region
        doctor = lab.say("outrunner doctor", check=False)
        assert "front door" in doctor.stdout
        # The profile alone is enough, without the variables of `env`.
        profile = run(AWS_V2 / "aws", "sts", "get-caller-identity", "--profile", "outrunner", env={**bare(lab), "AWS_PAGER": ""})
        assert json.loads(profile)["Account"] == ACCOUNT


def bare(lab):
    return {"PATH": os.environ["PATH"], "HOME": str(lab.home), "AWS_EC2_METADATA_DISABLED": "true"}


def test_2_base_images_are_a_mirror_of_docker_io(lab):
    with lab.step("1. base images pushed to our registry, and pulled from there"):
        login = "aws ecr get-login-password | skopeo login --tls-verify=false --username AWS --password-stdin"
        lab.say(f"{login} {MIRROR}")
        lab.say(f"{ROOT}/examples/base-images/push {BASE_IMAGES} {MIRROR}")
        lab.say(f"{ROOT}/examples/base-images/mirror {MIRROR} > {lab.folder}/registries.conf")
        lab.say(f"aws ecr get-login-password | docker login --username AWS --password-stdin {MIRROR}")
        for image in ("python:3.12-slim", "node:22-slim"):
            lab.say(f"docker pull -q {MIRROR}/library/{image} && docker tag {MIRROR}/library/{image} {image}")


def test_3_the_application_is_built_and_run_by_docker(lab):
    with lab.step("1. docker build"):
        lab.say(f"docker build -t {NAME} .", folder=lab.flask_folder("app"), timeout=300)
    with lab.step("1. docker run, curl on localhost"):
        lab.say(f"docker run -d --rm --name flask -p 8081:8080 -e APP_ENV=local {NAME}")
        answers = lambda: lab.say("curl -sS http://localhost:8081/health", check=False).stdout == "ok"
        until("the container answers", answers, seconds=30, pause=0.3)
        local = json.loads(lab.say("curl -sS http://localhost:8081/ | python3 -m json.tool"))
        assert local == {"service": NAME, "message": "Hello from App Runner", "env": "local"}
        lab.say("docker stop flask")


def test_4_the_image_is_pushed_by_its_printed_name(lab):
    with lab.step("4. aws sts, aws ecr create-repository"):
        lab.aws_home = AWS_V2
        assert lab.say("aws sts get-caller-identity --query Account --output text").strip() == ACCOUNT
        made = lab.json(f"aws ecr create-repository --repository-name {NAME} --region $REGION")
        assert made["repository"]["repositoryUri"] == f"{REGISTRY}/{NAME}"
    with lab.step("2. get-login-password | docker login, docker tag, docker push"):
        lab.say("aws ecr get-login-password --region $REGION | docker login --username AWS --password-stdin $REGISTRY")
        lab.say(f"docker tag {NAME}:latest $IMAGE:v1")
        pushed = lab.say("docker push $IMAGE:v1", timeout=300)
        lab.kept["digest"] = re.search(r"sha256:[0-9a-f]{64}", pushed).group()
    with lab.step("1. the same again by buildah and skopeo"):
        storage = f"--root {lab.folder}/buildah --runroot {lab.folder}/buildah-run --storage-driver overlay"
        login = "aws ecr get-login-password --region $REGION |"
        verify = "--tls-verify=false" if lab.registry.startswith("localhost") else ""
        dest = "--dest-tls-verify=false --src-tls-verify=false" if verify else ""
        lab.say(f"{login} buildah login {verify} --username AWS --password-stdin $REGISTRY")
        lab.say(f"{login} skopeo login {verify} --username AWS --password-stdin $REGISTRY")
        mirror = f"CONTAINERS_REGISTRIES_CONF={lab.folder}/registries.conf"
        lab.say(f"{mirror} buildah {storage} bud --isolation chroot -t $IMAGE:b1 {lab.flask_folder('app')}", timeout=300)
        lab.say(f"buildah {storage} push {verify} $IMAGE:b1", timeout=300)
        lab.say(f"skopeo --insecure-policy copy --quiet {dest} docker://$IMAGE:b1 docker://$IMAGE:s1")
        digests = [lab.say(f"skopeo inspect {verify} --format '{{{{.Digest}}}}' docker://$IMAGE:{tag}") for tag in ("v1", "b1", "s1")]
        assert digests[0].strip() == lab.kept["digest"] and digests[1] == digests[2]
        run("rm", "-rf", lab.folder / "buildah", lab.folder / "buildah-run")


def test_5_the_access_role_is_made(lab):
    with lab.step("3. aws iam create-role, attach-role-policy"):
        trust = f"file://{FLASK}/trust-policy.json"
        made = lab.json(f"aws iam create-role --role-name {ROLE} --assume-role-policy-document {trust} --region eu-west-1")
        assert made["Role"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
        lab.say(f"aws iam attach-role-policy --role-name {ROLE} --policy-arn {POLICY}")
        # IAM's nouns belong to the account, in whatever region the call was signed.
        for region in (REGION, "ap-northeast-1"):
            got = lab.json(f"aws iam get-role --role-name {ROLE} --region {region}")["Role"]
            assert got["AssumeRolePolicyDocument"] == json.loads((FLASK / "trust-policy.json").read_text())
        attached = lab.json(f"aws iam list-attached-role-policies --role-name {ROLE}")["AttachedPolicies"]
        assert attached == [{"PolicyName": "AWSAppRunnerServicePolicyForECRAccess", "PolicyArn": POLICY}]


def test_6_the_service_is_created_and_its_url_answers(lab):
    with lab.step("4. aws apprunner create-auto-scaling-configuration, describe, list"):
        words = "--auto-scaling-configuration-name flask-demo --max-concurrency 50 --min-size 1 --max-size 3"
        made = lab.json(f"aws apprunner create-auto-scaling-configuration {words}")["AutoScalingConfiguration"]
        arn = lab.said["ASC_ARN"] = made["AutoScalingConfigurationArn"]
        assert (made["AutoScalingConfigurationRevision"], made["Latest"], made["Status"].upper()) == (1, True, "ACTIVE")
        described = lab.json("aws apprunner describe-auto-scaling-configuration --auto-scaling-configuration-arn $ASC_ARN")
        assert described["AutoScalingConfiguration"]["MaxConcurrency"] == 50
        listed = lab.json("aws apprunner list-auto-scaling-configurations")["AutoScalingConfigurationSummaryList"]
        assert {"DefaultConfiguration", "flask-demo"} <= {row["AutoScalingConfigurationName"] for row in listed}
    with lab.step("4. aws apprunner create-service until RUNNING"):
        words = f"--cli-input-json file://{FLASK}/service.json --auto-scaling-configuration-arn $ASC_ARN"
        service = lab.json(f"aws apprunner create-service {words}")["Service"]
        lab.said |= {"SERVICE_ARN": service["ServiceArn"], "SERVICE_URL": service["ServiceUrl"], "SERVICE_ID": service["ServiceId"]}
        assert service["Status"] == "OPERATION_IN_PROGRESS"
        assert service["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"] == arn
        over = lab.until_done(service["ServiceArn"])
        assert over == ("SUCCEEDED", "RUNNING"), lab.platform.events(NAME)
        assert lab.say("aws apprunner describe-service --service-arn $SERVICE_ARN --query Service.Status --output text").strip() == "RUNNING"
        operations = lab.json("aws apprunner list-operations --service-arn $SERVICE_ARN")["OperationSummaryList"]
        assert [(o["Type"], o["Status"]) for o in operations] == [("CREATE_SERVICE", "SUCCEEDED")]
    with lab.step("4. the URL by curl, Python, Node and Chromium"):
        expected = {"service": NAME, "message": "Hello from App Runner", "env": "production"}
        assert json.loads(lab.say("curl -sS https://$SERVICE_URL/ | python3 -m json.tool")) == expected
        head = lab.say("curl -sS -i https://$SERVICE_URL/health")
        assert head.split()[1] == "200" and head.endswith("ok")
        if not resolves(lab.said["SERVICE_URL"]):
            # curl and browsers know .localhost by themselves; for others `trust` writes down the hosts of the services that there are.
            lab.say("outrunner trust")
            assert resolves(lab.said["SERVICE_URL"])
        ask = 'import json, os, urllib.request; print(json.load(urllib.request.urlopen("https://" + os.environ["SERVICE_URL"]))["message"])'
        assert lab.say(f"SSL_CERT_FILE={BUNDLE} python3 -c '{ask}'").strip() == expected["message"]
        the_url_by_node(lab, expected["message"])
        the_url_by_chromium(lab, expected["message"])


def resolves(url):
    try:
        return bool(socket.getaddrinfo(url.split(":")[0], 443))
    except OSError:
        return False


def the_url_by_node(lab, expected):
    """By the Node of the base image: its own HTTP client and its own resolver, with the system's certificates."""
    lab.say(f"id=$(docker create node:22-slim) && docker cp $id:/usr/local/bin/node {lab.folder}/node && docker rm $id")
    assert (lab.folder / "node").exists()
    ask = 'fetch("https://" + process.env.SERVICE_URL).then(a => a.json()).then(a => console.log(a.message))'
    assert lab.say(f"NODE_EXTRA_CA_CERTS={BUNDLE} {lab.folder}/node -e '{ask}'").strip() == expected


def the_url_by_chromium(lab, expected):
    database = f"sql:{lab.home}/.pki/nssdb"
    if not (lab.home / ".pki" / "nssdb" / "cert9.db").exists():
        # Chromium keeps certificates of its own: what `trust` says where it cannot do it.
        (lab.home / ".pki" / "nssdb").mkdir(parents=True, exist_ok=True)
        lab.say(f"certutil -d {database} -N --empty-password")
        lab.say(f"certutil -d {database} -A -t C,, -n outrunner -i {lab.platform.data}/ca.pem")
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    profile = f"--disable-sync --user-data-dir={lab.folder}/chromium"
    page = lab.say(f"chromium {flags} {profile} --dump-dom https://$SERVICE_URL/ 2>/dev/null", timeout=60)
    assert expected in page, page


def test_7_images_and_logs_are_shown(lab):
    with lab.step("5. aws ecr list-images, describe-images"):
        listed = lab.json(f"aws ecr list-images --repository-name {NAME}")["imageIds"]
        assert {"imageDigest": lab.kept["digest"], "imageTag": "v1"} in listed
        shown = lab.json(f"aws ecr describe-images --repository-name {NAME} --image-ids imageTag=v1")["imageDetails"][0]
        assert shown["imageDigest"] == lab.kept["digest"] and shown["imageTags"] == ["v1"] and shown["imageSizeInBytes"] > 10_000_000
    base = f"/aws/apprunner/{NAME}/{lab.said['SERVICE_ID']}"
    lab.said["LOGS"] = base
    with lab.step("5. aws logs describe-log-groups, describe-log-streams, get-log-events, filter-log-events"):
        expected = [f"{base}/access", f"{base}/application", f"{base}/service"]
        groups = lambda: [row["logGroupName"] for row in lab.client("logs").describe_log_groups(logGroupNamePrefix=base)["logGroups"]]
        until("the groups are there", lambda: groups() == expected, seconds=20, pause=0.3)
        listed = lab.json("aws logs describe-log-groups --log-group-name-prefix $LOGS")["logGroups"]
        assert [group["logGroupName"] for group in listed] == expected
        streams = lab.json("aws logs describe-log-streams --log-group-name $LOGS/application")["logStreams"]
        assert streams and all(stream["logStreamName"].startswith("instance/") for stream in streams)
        stream = streams[0]["logStreamName"]
        lines = lab.json(f"aws logs get-log-events --log-group-name $LOGS/application --log-stream-name {stream} --start-from-head")["events"]
        assert any("Listening at" in line["message"] for line in lines), "gunicorn says where it listens"
        found = lab.json("""aws logs filter-log-events --log-group-name $LOGS/application --filter-pattern '"GET / "'""")["events"]
        assert found and all("GET / " in line["message"] for line in found)
        events = lab.json("aws logs get-log-events --log-group-name $LOGS/service --log-stream-name events --start-from-head")["events"]
        assert events[0]["message"].startswith("[AppRunner] ") and any("RUNNING" in event["message"] for event in events)
        streams = lab.json("aws logs describe-log-streams --log-group-name $LOGS/service --log-stream-name-prefix deployment/")["logStreams"]
        assert re.fullmatch(r"deployment/[0-9a-f]{32}", streams[0]["logStreamName"])
    with lab.step("5. access lines"):
        lab.say("curl -sS -o /dev/null https://$SERVICE_URL/not-there")
        seen = lambda: lab.client("logs").filter_log_events(logGroupName=f"{base}/access", filterPattern='"/not-there"')["events"]
        line = json.loads(until("the request's line", seen, seconds=20, pause=0.3)[-1]["message"])
        assert line["status"] == 404 and line["path"] == "/not-there", line
        assert {"held_ms", "duration_ms", "request_bytes", "response_bytes", "request_id"} <= set(line), line
    with lab.step("5. aws logs tail --follow, outrunner logs -f, events -f"):
        assert "GET /" in lab.say("aws logs tail $LOGS/application --since 10m")
        followers = [
            Follower([AWS_V2 / "aws", "logs", "tail", f"{base}/application", "--follow", "--since", "1s"], lab.env()),
            Follower([BIN / "outrunner", "logs", "-f", NAME, "--data-dir", lab.platform.data], lab.env()),
            Follower([BIN / "outrunner", "events", "-f", NAME, "--data-dir", lab.platform.data], lab.env()),
        ]
        try:
            asked = lambda: lab.get(lab.said["SERVICE_URL"], "/followed") and any("/followed" in line for line in followers[0].lines)
            until("aws logs tail --follow shows a request", asked, seconds=60, pause=0.5)
            followers[1].until("/followed")
            followers[2].until("RUNNING")
        finally:
            for follower in followers:
                follower.end()
    with lab.step("5. aws logs put-retention-policy"):
        lab.say("aws logs put-retention-policy --log-group-name $LOGS/application --retention-in-days 7")
        group = lab.json("aws logs describe-log-groups --log-group-name-prefix $LOGS/application")["logGroups"][0]
        assert group["retentionInDays"] == 7


def test_8_versions_come_and_a_broken_one_never_gets_traffic(lab):
    p, url, arn = lab.platform, lab.said["SERVICE_URL"], lab.said["SERVICE_ARN"]
    push = f"docker build -q -t {NAME} . && docker tag {NAME}:latest $IMAGE:"
    with lab.step("6. docker build and push of v2"):
        lab.say(f"{push}v2 && docker push $IMAGE:v2", folder=lab.flask_folder("app", "Hello from version 2"), timeout=300)
    with lab.step("6. aws apprunner update-service to v2, under load"):
        load = p.load(url, seconds=None, rate=10, expect=NAME)
        words = f"--service-arn $SERVICE_ARN --source-configuration {source_configuration(lab, 'v2', True)}"
        assert lab.json(f"aws apprunner update-service {words}")["Service"]["Status"] == "OPERATION_IN_PROGRESS"
        assert lab.until_done(arn) == ("SUCCEEDED", "RUNNING"), p.events(NAME)
        assert message(lab) == "Hello from version 2"
        assert failures(load.end()) == {}
    with lab.step("6. the watched tag pushed again: it deploys by itself, under load"):
        lab.say(f"{push}v2", folder=lab.flask_folder("app", "Hello from version 2, mended"), timeout=300)
        load = p.load(url, seconds=None, rate=10, expect=NAME)
        lab.say("docker push $IMAGE:v2", timeout=300)
        until("the new version answers", lambda: message(lab) == "Hello from version 2, mended", seconds=60, pause=0.3)
        assert lab.until_done(arn) == ("SUCCEEDED", "RUNNING")
        assert lab.json("aws apprunner list-operations --service-arn $SERVICE_ARN")["OperationSummaryList"][0]["Type"] == "START_DEPLOYMENT"
        assert failures(load.end()) == {}
    with lab.step("6. a broken v3 is rolled back and never gets traffic"):
        lab.say(f"{push}v3 && docker push $IMAGE:v3", folder=lab.flask_folder("app", broken=True), timeout=300)
        load = p.load(url, seconds=None, rate=10, expect=NAME)
        lab.say(f"aws apprunner update-service --service-arn $SERVICE_ARN --source-configuration {source_configuration(lab, 'v3', False)}")
        assert lab.until_done(arn) == ("ROLLBACK_SUCCEEDED", "RUNNING"), p.events(NAME)
        shown = lab.json("aws apprunner describe-service --service-arn $SERVICE_ARN")["Service"]["SourceConfiguration"]
        assert shown["ImageRepository"]["ImageIdentifier"] == f"{REGISTRY}/{NAME}:v2" and shown["AutoDeploymentsEnabled"] is True
        assert "NOT_SET" in p.events(NAME), "the cause, in a sentence"
        assert message(lab) == "Hello from version 2, mended"
        assert failures(load.end()) == {}


def test_9_it_rests_and_grows(lab, hello_layout):
    p, arn = lab.platform, lab.said["SERVICE_ARN"]
    with lab.step("7. a burst grows a service to MaxSize; requests are held, not refused"):
        words = "--auto-scaling-configuration-name waits --max-concurrency 2 --min-size 1 --max-size 3"
        made = lab.json(f"aws apprunner create-auto-scaling-configuration {words}")["AutoScalingConfiguration"]
        lab.said["WAITS_ASC_ARN"] = made["AutoScalingConfigurationArn"]
        p.offer(hello_layout("v1"), "v1", "waits:v1")
        created = p.create("waits", "waits:v1", AutoScalingConfigurationArn=made["AutoScalingConfigurationArn"])["Service"]
        lab.said["WAITS_ARN"] = created["ServiceArn"]
        p.until_status(created["ServiceArn"], "RUNNING", seconds=60)
        end = in_background([lambda: lab.get(created["ServiceUrl"], "/wait/8000")[0] for _ in range(6)])
        assert end() == [200] * 6
        answered = lambda: set(re.findall(r"(instance/\S+) GET /wait/8000 answered", p.outrunner("logs", "waits")))
        until("three instances answered", lambda: len(answered()) == 3, seconds=10, pause=0.2)
    with lab.step("7. aws apprunner pause-service, resume-service"):
        lab.say("aws apprunner pause-service --service-arn $SERVICE_ARN")
        p.until_status(arn, "PAUSED", seconds=60)
        assert lab.get(lab.said["SERVICE_URL"])[0] >= 400
        lab.say("aws apprunner resume-service --service-arn $SERVICE_ARN")
        p.until_status(arn, "RUNNING", seconds=60)
        assert message(lab) == "Hello from version 2, mended"
    with lab.step("7. aws apprunner start-deployment"):
        started = lab.json("aws apprunner start-deployment --service-arn $SERVICE_ARN")
        assert lab.until_done(arn) == ("SUCCEEDED", "RUNNING")
        newest = lab.json("aws apprunner list-operations --service-arn $SERVICE_ARN --max-results 1")["OperationSummaryList"][0]
        assert (newest["Type"], newest["Id"]) == ("START_DEPLOYMENT", started["OperationId"])
    with lab.step("7. tags"):
        lab.say("aws apprunner tag-resource --resource-arn $SERVICE_ARN --tags Key=team,Value=web Key=stage,Value=lab")
        lab.say("aws apprunner untag-resource --resource-arn $SERVICE_ARN --tag-keys stage")
        assert lab.json("aws apprunner list-tags-for-resource --resource-arn $SERVICE_ARN")["Tags"] == [{"Key": "team", "Value": "web"}]
    with lab.step("1. an image for another architecture only is refused"):
        other = "arm64" if os.uname().machine == "x86_64" else "amd64"
        p.push(hello_layout("other", "--architecture", other), "other", "waits:other")
        refused = p.create("foreign", "waits:other")["Service"]
        p.until_status(refused["ServiceArn"], "CREATE_FAILED", seconds=60)
        assert "--platform" in p.events("foreign"), p.events("foreign")
        lab.said["FOREIGN_ARN"] = refused["ServiceArn"]
    with lab.step("7. after the burst the service shrinks to MinSize again"):
        until("two of three instances ended", lambda: p.outrunner("logs", "waits").count("hello ends") == 2, seconds=120, pause=1)


def test_10_everything_is_cleaned_up(lab):
    p = lab.platform
    with lab.step("8. aws apprunner delete-service"):
        for variable in ("SERVICE_ARN", "WAITS_ARN", "FOREIGN_ARN"):
            lab.say(f"aws apprunner delete-service --service-arn ${variable}")
        for variable in ("SERVICE_ARN", "WAITS_ARN", "FOREIGN_ARN"):
            p.until_status(lab.said[variable], "DELETED", seconds=60)
        for variable in ("ASC_ARN", "WAITS_ASC_ARN"):
            lab.say(f"aws apprunner delete-auto-scaling-configuration --auto-scaling-configuration-arn ${variable}")
    with lab.step("8. aws ecr delete-repository --force, logs delete-log-group, iam detach-role-policy, delete-role, docker rmi"):
        assert lab.say("aws logs tail $LOGS/application --since 1h"), "logs of a service that is gone are there"
        delete_the_repository_beside_a_push(lab)
        for group in lab.client("logs").describe_log_groups(logGroupNamePrefix="/aws/apprunner/")["logGroups"]:
            lab.say(f"aws logs delete-log-group --log-group-name {group['logGroupName']}")
        assert lab.json("aws logs describe-log-groups")["logGroups"] == []
        lab.say(f"aws iam detach-role-policy --role-name {ROLE} --policy-arn {POLICY}")
        lab.say(f"aws iam delete-role --role-name {ROLE}")
        assert lab.json("aws iam list-roles --query 'Roles[].RoleName'") == []
        lab.say(f"{{ docker images -q {NAME}; docker images -q $IMAGE; }} | sort -u | xargs docker rmi -f")
        assert lab.say(f"docker images -q {NAME}") == ""
    with lab.step("2. outrunner setup --undo, trust --undo: every byte as before"):
        lab.say("outrunner setup --undo")
        lab.say("outrunner trust --undo")
        # The clients' own: what the AWS CLI and Chromium keep in the home.
        shutil.rmtree(lab.home / ".aws" / "cli", ignore_errors=True)
        after, before = bytes_of([*HELD, lab.home / ".aws"]), lab.kept["bytes"]
        assert after == before, "\n".join(sorted(path for path in set(after) | set(before) if after.get(path) != before.get(path)))
    with lab.step("8. outrunner stop: nothing left behind"):
        p.stop()
        lab.witness.end()
        after, before = leaks(p), lab.kept["leaks"]
        assert after == before, "\n".join(sorted(set(after) ^ set(before)))
        calls = sum(lab.witness.calls.values())
        print(f"{calls} answers of {len(lab.witness.calls)} operations were read against the model")
        assert calls > 50


def delete_the_repository_beside_a_push(lab):
    """What another push brings at the same time, layers that both share among it, is there afterwards."""
    verify = "--tls-verify=false" if lab.registry.startswith("localhost") else ""
    lab.say("aws ecr create-repository --repository-name keeps")
    push = f"skopeo --insecure-policy copy --quiet {verify and '--dest-tls-verify=false'} oci:{BASE_IMAGES}/python:3.12-slim docker://$REGISTRY/keeps:v1"
    end = in_background([lambda: lab.say(push)])
    lab.say(f"aws ecr delete-repository --repository-name {NAME} --force")
    assert end() == [""], "the push went through"
    lab.say(f"skopeo --insecure-policy copy --quiet {verify and '--src-tls-verify=false'} docker://$REGISTRY/keeps:v1 oci:{lab.folder}/kept:v1")
    names = lab.json("aws ecr describe-repositories --query 'repositories[].repositoryName'")
    assert "keeps" in names and NAME not in names
