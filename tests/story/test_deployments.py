"""Pushes that deploy by themselves, and bursts that are met: real containers, an open-loop client, and not one failed request."""
import concurrent.futures
import time

from under_test import REGISTRY, leaks, until


def operations(p, arn):
    listed = p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"]
    return [(one["Type"], one["Status"]) for one in listed]


def follower(p):
    """A service with everything by default: it follows its tag. Answers its ARN and URL when it runs."""
    source = {"ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR"}}
    created = p.client("apprunner").create_service(ServiceName="webs", SourceConfiguration=source)["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    return created["ServiceArn"], created["ServiceUrl"]


def test_pushes_deploy_under_load_and_a_broken_one_never_gets_traffic(platform, images, tmp_path):
    first, _ = images("hello")
    second, _ = images("hello", tag="v2", flags=["--env", "GREETING=New"])
    source = tmp_path / "broken.c"
    source.write_text('#include <stdio.h>\nint main(void) { puts("no database"); return 3; }\n')
    broken, _ = images("broken", source)
    p = platform().start()
    p.offer(first)
    arn, url = follower(p)
    load = p.load(url, seconds=25, expect=" from r")
    p.push(second, "v2", "hello:v1")
    until("the new image answers", lambda: p.https(url)[1].startswith("New"), seconds=60)
    until("its deployment is over", lambda: operations(p, arn)[0] == ("START_DEPLOYMENT", "SUCCEEDED"), seconds=60)
    until("the old instance has gone", lambda: [name.split(".")[1] for name in p.instances()] == ["r2-0"], seconds=60)
    p.push(broken, "v1", "hello:v1")
    until("the broken one is rolled back", lambda: operations(p, arn)[0] == ("START_DEPLOYMENT", "ROLLBACK_SUCCEEDED"), seconds=60)
    assert p.status(arn) == "RUNNING"
    assert "no database" in p.events("webs") and "exit code: 3" in p.events("webs")
    counts = load.end()
    failed = {way: counts[way]["failures"] for way in ("keep_alive", "new_connection", "http2") if counts[way]["failed"]}
    assert failed == {}, failed
    assert p.https(url)[1].startswith("New")
    # What failed is not tried again, also not by the next platform.
    p.kill()
    p.start()
    p.push(broken, "v1", "hello:v1")
    time.sleep(1)
    assert [kind for kind, _ in operations(p, arn)] == ["START_DEPLOYMENT", "START_DEPLOYMENT", "CREATE_SERVICE"]
    p.stop()


def test_a_burst_is_held_until_more_instances_run_and_they_go_when_they_are_not_wanted(platform, images):
    layout, _ = images("hello")
    p = platform(env={"OUTRUNNER_SPARES": "16"}).start()
    p.offer(layout)
    _, url = follower(p)
    slots = lambda: [name for name in (name.split(".")[1] for name in p.instances()) if name not in p.made_ahead()]
    spare = until("an instance is made ahead", lambda: p.made_ahead().get("r1-1"), seconds=30)
    assert slots() == ["r1-0"]
    # Each instance takes 100 at once.
    with concurrent.futures.ThreadPoolExecutor(max_workers=250) as pool:
        began = time.monotonic()
        answers = [pool.submit(p.https, url, "/wait/4000", 60) for _ in range(250)]
        until("three run", lambda: slots() == ["r1-0", "r1-1", "r1-2"], seconds=60)
        assert p.begun()["r1-1"] == spare, "the process that waited"
        assert {answer.result()[0] for answer in answers} == {200}
    time.sleep(max(0, 50 - (time.monotonic() - began)))
    assert slots() == ["r1-0", "r1-1", "r1-2"], "not before a minute is over"
    until("only the least runs", lambda: slots() == ["r1-0"], seconds=60)
    assert p.https(url)[0] == 200
    assert "ended" not in p.events("webs")
    until("the next one waits", lambda: list(p.made_ahead()) == ["r1-1"], seconds=90)
    p.kill()
    p.stop()
    left = [line for line in leaks(p) if p.run_dir().name in line or str(p.folder) in line]
    assert left == [], "it goes with the platform:\n" + "\n".join(left)
