"""Our own command line, as a person and as a script use it: the real binary against a real platform."""
import json
import os
import pty
import re
import subprocess
import time

from under_test import BIN, run, until

SMALL = ["--cpu", "0.25", "--memory", "0.5"]


def code(p, *words):
    """Ends with which code, and says what on standard error?"""
    done = p.outrunner(*words, check=False)
    return done.returncode, done.stderr


def on_terminal(p, *words):
    """What a person sees: both outputs are a terminal."""
    master, slave = pty.openpty()
    command = [str(BIN / "outrunner"), *words, "--data-dir", str(p.data)]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    seen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    assert process.wait(timeout=60) == 0, seen
    return seen.decode()


def test_a_service_from_the_command_line(platform, images, tmp_path):
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)

    done = p.outrunner("deploy", "hello:v1", "--name", "webs", *SMALL, "--env", "GREETING=Good day", "--tag", "team=web", check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    url = done.stdout.strip()
    assert re.fullmatch(r"https://\w{10}\.us-east-1\.outrunner\.localhost:\d+", url), "a script reads the URL and nothing else"
    assert p.https(url.removeprefix("https://"))[1].startswith("Good day")
    arn = p.client("apprunner").list_services()["ServiceSummaryList"][0]["ServiceArn"]
    assert p.client("apprunner").list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "web"}]
    assert p.outrunner("open", "webs").strip() == url
    assert json.loads(p.outrunner("open", "webs", "--json")) == {"Url": url, "Status": "RUNNING"}

    answer = json.loads(p.outrunner("update", "webs", "--env", "GREETING=Hej", "--json"))
    assert (answer["Operation"]["Type"], answer["Operation"]["Status"]) == ("UPDATE_SERVICE", "SUCCEEDED")
    assert answer["Service"]["Status"] == "RUNNING"
    assert p.https(url.removeprefix("https://"))[1].startswith("Hej")
    described = p.client("apprunner").describe_service(ServiceArn=arn)["Service"]
    assert described["InstanceConfiguration"] == {"Cpu": "256", "Memory": "512"}, "what was not said stays"
    assert p.outrunner("update", "webs", "--tag", "outrunner:request-timeout=9s", "--untag", "team").strip() == url
    assert p.client("apprunner").list_tags_for_resource(ResourceArn=arn)["Tags"] == [
        {"Key": "outrunner:request-timeout", "Value": "9s"}
    ]

    for _ in range(2):
        assert p.outrunner("pause", "webs") == "", "the second time it is already so"
        assert p.status(arn) == "PAUSED"
    refused = code(p, "update", "webs", "--port", "81")
    assert refused[0] == 5 and "PAUSED" in refused[1], refused
    seen = on_terminal(p, "resume", "webs")
    assert re.search(r"webs: resume, \d+ s", seen) and re.search(r"webs: resume succeeded in [\d.]+ s", seen), seen
    assert seen.strip().endswith(url), seen

    listed = json.loads(p.outrunner("ps", "--json"))
    assert [(s["ServiceName"], s["Status"], s["LastOperation"]["Type"]) for s in listed] == [("webs", "RUNNING", "RESUME_SERVICE")]
    assert "webs" in p.outrunner("ps")
    lines_and_events(p)

    assert p.outrunner("delete", "webs") == ""
    assert p.status(arn) == "DELETED"
    assert json.loads(p.outrunner("ps", "--json")) == []
    p.stop()


def lines_and_events(p):
    until("the application's first line is there", lambda: p.outrunner("logs", "webs").strip())
    lines = [json.loads(line) for line in p.outrunner("logs", "webs", "--json").splitlines()]
    assert lines and all(line["Stream"].startswith("instance/") for line in lines)
    events = [json.loads(line) for line in p.outrunner("events", "webs", "--json").splitlines()]
    assert any("Service update completed successfully." in event["Message"] for event in events)
    following = subprocess.Popen(
        [str(BIN / "outrunner"), "events", "-f", "webs", "--data-dir", str(p.data)], stdout=subprocess.PIPE, text=True
    )
    try:
        p.outrunner("pause", "webs")
        p.outrunner("resume", "webs")
        deadline = time.monotonic() + 30
        for line in following.stdout:
            assert time.monotonic() < deadline
            if line.count("Service resume completed successfully.") and following.poll() is None:
                break
        else:
            raise AssertionError("the follower ended")
    finally:
        following.kill()
        following.wait()


def test_a_script_reads_what_went_wrong_from_the_exit_code(platform, images, tmp_path):
    nowhere = run(BIN / "outrunner", "ps", "--data-dir", tmp_path / "nowhere", check=False)
    assert nowhere.returncode == 4 and nowhere.stderr.count("\n") == 1, nowhere
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)
    for words, wanted, why in [
        (["deploy", "."], 2, "comes in a later version"),
        (["deploy", "web:v1"], 2, "--name"),
        (["deploy", "hello:v1", "--port", "0"], 2, "--port"),
        (["deploy", "hello:v1", "--env", "A"], 2, "expected a name"),
        (["pause", "nobody"], 3, "no service is called 'nobody'"),
        (["events", "nobody"], 3, "nobody"),
        (["delete", f"arn:aws:apprunner:us-east-1:000000000000:service/webs/{'0' * 32}"], 3, "does not exist"),
        (["deploy", "hello:v1", "--tag", "outrunner:color=red"], 5, "outrunner:color"),
        (["deploy", "hello:v1", "--cpu", "4"], 5, "do not go together"),
        (["deploy", "hello:v9", "--name", "fails"], 1, "hello:v9 does not exist"),
    ]:
        found, said = code(p, *words)
        assert found == wanted and why in said, (words, found, said)
    failed = p.outrunner("deploy", "hello:v9", "--name", "fails", "--json", check=False)
    answer = json.loads(failed.stdout)
    assert (failed.returncode, answer["Service"]["Status"], answer["Operation"]["Status"]) == (1, "CREATE_FAILED", "FAILED")
    begun = json.loads(p.outrunner("deploy", "hello:v1", "--name", "fails", *SMALL, "--no-wait", "--json"))
    assert begun["Service"]["Status"] == "OPERATION_IN_PROGRESS" and len(begun["Operation"]["Id"]) == 36
    p.until_status(begun["Service"]["ServiceArn"], "RUNNING")
    assert code(p, "update", "fails")[0] == 2, "nothing to change is said"
    rolled = code(p, "update", "fails", "--command", "/nowhere")
    assert rolled[0] == 1 and "rolled back" in rolled[1], rolled
    p.kill()
    assert code(p, "ps")[0] == 4
    p.start()
    p.stop()


def test_a_command_that_waits_outlives_a_restart_of_the_platform(platform, images):
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)
    words = ["deploy", "hello:v1", "--name", "sick", *SMALL, "--health-path", "/nowhere", "--tag", "outrunner:startup-timeout=30s"]
    waiting = subprocess.Popen([str(BIN / "outrunner"), *words, "--data-dir", str(p.data)], stderr=subprocess.PIPE, text=True)
    until("an instance starts", p.instances, 20)
    p.kill()
    p.start()
    _, said = waiting.communicate(timeout=90)
    assert waiting.returncode == 1 and "creation of sick failed" in said and "404" in said, (waiting.returncode, said)
    p.stop()


def test_the_manual_and_the_completions_are_made_of_the_words(tmp_path):
    run(BIN / "outrunner", "man", "--dir", tmp_path / "man1")
    pages = {page.name for page in (tmp_path / "man1").iterdir()}
    assert {"outrunner.1", "outrunner-deploy.1", "outrunner-logs.1"} <= pages and "outrunner-edge.1" not in pages
    script = run(BIN / "outrunner", "completions", "bash")
    (tmp_path / "outrunner.bash").write_text(script)
    words = run("bash", "-c", f"""
        source {tmp_path}/outrunner.bash
        COMP_WORDS=(outrunner re) COMP_CWORD=1
        _outrunner outrunner re outrunner
        echo "${{COMPREPLY[@]}}"
    """)
    assert words.split() == ["resume", "revisions", "restore"], words
    head = subprocess.run(f"{BIN}/outrunner completions zsh | head -1", shell=True, capture_output=True, text=True)
    assert head.stderr == "" and "outrunner" in head.stdout, "a reader that goes away is no failure"
