"""Out of an operation and back to an earlier revision: `outrunner cancel`, `rollback`, `revisions`."""
import json
import subprocess

from under_test import BIN, until


def operations(p, arn):
    return p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"]


def revisions(p, name):
    return [json.loads(line) for line in p.outrunner("revisions", "--json", name).splitlines()]


def test_a_deployment_is_cancelled_and_an_earlier_revision_brought_back(platform, images):
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)
    one = {"RuntimeEnvironmentVariables": {"GREETING": "One"}}
    created = p.create("webs", "hello:v1", more=one)["Service"]
    arn, url = created["ServiceArn"], created["ServiceUrl"]
    p.until_status(arn, "RUNNING", 60)
    assert p.https(url)[1].startswith("One from")

    # A version that never gets healthy is given up at once, not at its time-out.
    client = p.client("apprunner")
    never = {"Protocol": "HTTP", "Path": "/nowhere"}
    started = client.update_service(ServiceArn=arn, HealthCheckConfiguration=never)["OperationId"]
    until("the new version starts", lambda: len(p.instances()) > 1, 30)
    p.outrunner("cancel", "webs")
    assert operations(p, arn)[0]["Id"] == started and operations(p, arn)[0]["Status"] == "ROLLBACK_SUCCEEDED"
    assert p.status(arn) == "RUNNING" and p.https(url)[1].startswith("One from")
    assert "It was cancelled by arn:aws:iam::" in p.events("webs")
    refused = subprocess.run([BIN / "outrunner", "cancel", "webs", "--data-dir", p.data], text=True, capture_output=True)
    assert refused.returncode != 0 and "nothing to cancel" in refused.stderr, refused

    # A creation that is cancelled has nothing to go back to.
    failed = p.create("shop", "hello:v1", HealthCheckConfiguration=never)["Service"]["ServiceArn"]
    p.outrunner("cancel", "shop")
    assert p.status(failed) == "CREATE_FAILED"

    image = client.describe_service(ServiceArn=arn)["Service"]["SourceConfiguration"]["ImageRepository"]
    image["ImageConfiguration"]["RuntimeEnvironmentVariables"] = {"GREETING": "Two"}
    client.update_service(ServiceArn=arn, SourceConfiguration={"ImageRepository": image})
    p.until_status(arn, "RUNNING", 60)
    assert p.https(url)[1].startswith("Two from")
    current = [r["RevisionNumber"] for r in revisions(p, "webs") if r["Current"]]
    printed = p.outrunner("rollback", "webs").strip()
    assert printed == f"https://{url}"
    assert p.https(url)[1].startswith("One from")
    listed = revisions(p, "webs")
    assert (listed[0]["Current"], listed[0]["Restores"], listed[0]["Kept"]) == (True, 1, True), listed
    assert operations(p, arn)[0]["Type"] == "UPDATE_SERVICE" and operations(p, arn)[0]["Id"] == listed[0]["OperationId"]

    # To the one that is named, over kill -9 right after it was granted.
    p.outrunner("rollback", "webs", str(current[0]), "--no-wait")
    p.kill()
    p.start()
    p.until_status(arn, "RUNNING", 60)
    assert p.https(url)[1].startswith("Two from")
    assert f"restores {current[0]} current" in p.outrunner("revisions", "webs")
    p.stop()
