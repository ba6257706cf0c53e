"""Images in their repositories, by the stock clients: listed, described, removed; and a service that outlives the repository it came from."""
import json
import os
import shutil
import signal
import sqlite3

from under_test import ACCOUNT, run, until

HOUR_MS = 3600 * 1000


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def layers(layout):
    """The compressed sizes of an image's layers, as its layout tells them."""
    top = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    manifest = json.loads((layout / "blobs" / "sha256" / top.split(":")[1]).read_text())
    return sum(layer["size"] for layer in manifest["layers"])


def index_of(layout, digest, folder):
    """A layout with an index of one image, tagged v1; answers (layout, digest of the index)."""
    shutil.copytree(layout, folder)
    entry = json.loads((folder / "index.json").read_text())["manifests"][0]
    entry.pop("annotations", None)
    assert entry["digest"] == digest
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    media = "application/vnd.oci.image.index.v1+json"
    entry["platform"] = {"architecture": machine, "os": "linux"}
    content = json.dumps({"schemaVersion": 2, "mediaType": media, "manifests": [entry]}).encode()
    name = __import__("hashlib").sha256(content).hexdigest()
    (folder / "blobs" / "sha256" / name).write_bytes(content)
    top = {"mediaType": media, "digest": f"sha256:{name}", "size": len(content), "annotations": {"org.opencontainers.image.ref.name": "v1"}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
    return folder, f"sha256:{name}"


def age_promises(p):
    """As if the last push had been two hours ago. The platform is not running."""
    with sqlite3.connect(p.data / "ledger.db") as ledger:
        ledger.execute("UPDATE repository_blob SET promised_at_ms = promised_at_ms - ?", (48 * HOUR_MS,))
    ledger.close()


def test_images_are_listed_described_and_removed(platform, images, tmp_path):
    layout, digest = images("hello")
    other, other_digest = images("hello", tag="v2", flags=["--env", "GREETING=Hello again"])
    many, index = index_of(layout, digest, tmp_path / "many")
    p = platform().start()
    p.offer(layout, "v1", "hello:v1")
    p.push(layout, "v1", "hello:latest")
    p.push(other, "v2", "hello:v2")
    p.push(many, "v1", "hello:many", "--all")
    ecr = lambda *words, **more: p.aws("ecr", *words, "--repository-name", "hello", **more)

    rows = ecr("list-images")["imageIds"]
    wanted = [(digest, "latest"), (digest, "v1"), (other_digest, "v2"), (index, "many")]
    assert sorted((row["imageDigest"], row["imageTag"]) for row in rows) == sorted(wanted)
    paged = ecr("list-images", "--page-size", "1")["imageIds"]
    assert paged == rows, "the client pages by itself"
    details = {detail["imageDigest"]: detail for detail in ecr("describe-images")["imageDetails"]}
    assert details[digest]["imageTags"] == ["latest", "v1"]
    assert details[digest]["imageSizeInBytes"] == layers(layout)
    assert details[index]["imageSizeInBytes"] == layers(layout), "an index is as large as its largest image"
    assert details[digest]["registryId"] == ACCOUNT and details[digest]["imagePushedAt"]
    named = ecr("describe-images", "--image-ids", "imageTag=v2")["imageDetails"]
    assert [detail["imageDigest"] for detail in named] == [other_digest]
    read = ecr("batch-get-image", "--image-ids", "imageTag=v2", "imageTag=v9")
    assert json.loads(read["images"][0]["imageManifest"])["schemaVersion"] == 2
    assert [failure["failureCode"] for failure in read["failures"]] == ["ImageNotFound"]
    missing = ecr("describe-images", "--image-ids", "imageTag=v9", check=False)
    assert "ImageNotFoundException" in missing.stderr and "imageTag:'v9'" in missing.stderr

    gone = ecr("batch-delete-image", "--image-ids", "imageTag=latest", f"imageDigest={digest}")
    assert gone["imageIds"] == [{"imageDigest": digest, "imageTag": "latest"}]
    assert [failure["failureCode"] for failure in gone["failures"]] == ["ImageReferencedByManifestList"]
    gone = ecr("batch-delete-image", "--image-ids", "imageTag=v1", "imageTag=many", "imageTag=v2")
    assert gone["failures"] == [] and len(gone["imageIds"]) == 3
    assert ecr("list-images")["imageIds"] == []
    assert files(p.data / "blobs"), "the layers wait: a push may be under way"
    assert p.terminate() == 0
    age_promises(p)
    p.start()
    until("the blobs have left the disk", lambda: not files(p.data / "blobs"))
    p.aws("ecr", "delete-repository", "--repository-name", "hello")
    absent = ecr("list-images", check=False)
    assert "RepositoryNotFoundException" in absent.stderr
    assert p.aws("ecr", "describe-repositories")["repositories"] == []
    p.stop()


def test_a_service_outlives_the_repository_it_came_from(platform, images):
    """App Runner runs a copy of its image: neither the tag nor the repository is needed to run on, to start again or to come back."""
    layout, digest = images("hello")
    p = platform().start()
    p.offer(layout)
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    kept = files(p.data / "blobs")
    occupied = p.aws("ecr", "delete-repository", "--repository-name", "hello", check=False)
    assert "RepositoryNotEmptyException" in occupied.stderr
    deleted = p.aws("ecr", "delete-repository", "--repository-name", "hello", "--force")
    assert deleted["repository"]["repositoryName"] == "hello"
    assert files(p.data / "blobs") == kept, "what runs is kept"
    answers = lambda: p.https(created["ServiceUrl"])[0] == 200
    assert answers()

    kill_the_instance(p)
    again = lambda: p.outrunner("logs", "webs").count("hello listens on port 8080") == 2
    until("it was started again, without its repository", again, seconds=30)
    until("it answers again", lambda: quietly(answers), seconds=30)
    assert p.terminate() == 0
    age_promises(p)
    # Nothing unpacked is left either: only our own copy can bring it back.
    shutil.rmtree(p.data / "layers", ignore_errors=True)
    p.start()
    until("it answers after a restart", lambda: quietly(answers), seconds=30)
    assert files(p.data / "blobs") == kept

    p.aws("ecr", "create-repository", "--repository-name", "hello")
    assert p.aws("ecr", "list-images", "--repository-name", "hello")["imageIds"] == [], "our copy is not the repository's"
    p.aws("apprunner", "delete-service", "--service-arn", created["ServiceArn"])
    p.until_status(created["ServiceArn"], "DELETED")
    assert p.terminate() == 0
    p.start()
    until("the copy has left the disk", lambda: not files(p.data / "blobs"))
    p.stop()


def test_a_lifecycle_policy_lets_images_go_and_the_service_that_runs_one_of_them_runs_on(platform, images):
    first, _ = images("hello")
    second, kept = images("hello", tag="v2", flags=["--env", "GREETING=Hello again"])
    p = platform().start()
    p.offer(first)
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    p.push(second, "v2", "hello:v2")
    rule = {"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}
    p.aws("ecr", "put-lifecycle-policy", "--repository-name", "hello", "--lifecycle-policy-text", json.dumps({"rules": [rule]}))
    # It is carried out when the platform starts, and every quarter of an hour.
    assert p.terminate() == 0
    p.start()
    rows = lambda: p.aws("ecr", "list-images", "--repository-name", "hello")["imageIds"]
    until("the older one is gone", lambda: rows() == [{"imageDigest": kept, "imageTag": "v2"}])
    named = "AttributeKey=EventName,AttributeValue=PolicyExecutionEvent"
    (event,) = p.aws("cloudtrail", "lookup-events", "--lookup-attributes", named)["Events"]
    assert event["Resources"][0]["ResourceName"].endswith("repository/hello"), event
    assert until("it answers", lambda: quietly(lambda: p.https(created["ServiceUrl"])))[0] == 200
    p.aws("apprunner", "pause-service", "--service-arn", created["ServiceArn"])
    p.until_status(created["ServiceArn"], "PAUSED")
    p.aws("apprunner", "resume-service", "--service-arn", created["ServiceArn"])
    p.until_status(created["ServiceArn"], "RUNNING")
    assert p.https(created["ServiceUrl"])[0] == 200, "of the copy that it has"
    p.stop()


def kill_the_instance(p):
    """SIGKILL of the app's own process, found by the cgroup of this platform."""
    tag = p.run_dir().name
    found = []
    for line in run("ps", "-eo", "pid,args").splitlines()[1:]:
        pid, args = line.strip().split(None, 1)
        try:
            groups = open(f"/proc/{pid}/cgroup").read()
        except OSError:
            continue
        if tag in groups and args.split()[0] == "/hello":
            found.append(int(pid))
    assert len(found) == 1, found
    os.kill(found[0], signal.SIGKILL)
    return found[0]


def quietly(question):
    try:
        return question()
    except (OSError, ValueError):
        return False
