"""Names for people: `https://<service>.<domain>` beside the long name, as long as one service alone has it, over all regions."""
import boto3

from under_test import ACCOUNT, run, until

HERE, THERE = "us-east-1", "eu-west-3"


def client(p, service, region):
    env = p.env()
    keys = {"aws_access_key_id": env["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"]}
    return boto3.client(service, region_name=region, endpoint_url=f"http://{p.run_file()['api']}", **keys)


def push(p, layout, region):
    """By the loopback name: the login says the region."""
    client(p, "ecr", region).create_repository(repositoryName="hello")
    env = {**p.env(), "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    password = run("aws", "ecr", "get-login-password", env=env)
    host = p.registry_host()
    run("skopeo", "login", "--tls-verify=false", "--username", "AWS", "--password-stdin", host, env=env, stdin=password)
    run("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", f"oci:{layout}:v1", f"docker://{host}/hello:v1", env=env)


def create(p, region, image):
    source = {"ImageRepository": {"ImageIdentifier": image, "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}}}
    source["AutoDeploymentsEnabled"] = False
    apprunner = client(p, "apprunner", region)
    arn = apprunner.create_service(ServiceName="Shop", SourceConfiguration=source)["Service"]["ServiceArn"]
    status = lambda: apprunner.describe_service(ServiceArn=arn)["Service"]["Status"]  # noqa: E731
    until(f"{arn} runs", lambda: status() == "RUNNING", seconds=60, pause=0.1)
    return arn


def test_a_short_name_is_one_services_or_nobodys(platform, images):
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p = platform().start()
    port = p.run_file()["https"].rsplit(":", 1)[1]
    short = f"shop.outrunner.localhost:{port}"
    push(p, layout, HERE)
    first = create(p, HERE, f"{ACCOUNT}.dkr.ecr.{HERE}.amazonaws.com/hello:v1")
    assert p.https(short)[0] == 200
    assert f" https://{short} " in p.outrunner("ps")

    p.terminate()
    p.flags += ["--region", THERE]
    p.start()
    until("it is there again", lambda: p.https(short)[0] == 200)
    push(p, layout, THERE)
    second = create(p, THERE, f"{ACCOUNT}.dkr.ecr.{THERE}.amazonaws.com/hello:v1")
    status, body = p.https(short)
    assert (status, "Hello" in body) == (404, False), "nobody guesses which of the two is meant"
    assert "another service has this name" in p.outrunner("ps")

    client(p, "apprunner", HERE).delete_service(ServiceArn=first)
    until("the other one has it", lambda: p.https(short)[0] == 200)
    assert second and f" https://{short} " in p.outrunner("ps")
    p.stop()
