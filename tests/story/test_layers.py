"""Images pushed and pulled by ECR's own operations with stock boto3: layers in parts, manifests, links; and services that run and follow them."""
import hashlib
import json
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from under_test import ACCOUNT, PULL_POLICY, REGISTRY, until

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
PART = 5 << 20


def digest_of(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def manifest_of(layout):
    """The text of a layout's first manifest."""
    top = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    return blob(layout, top).decode()


def blob(layout, digest):
    return (layout / "blobs" / "sha256" / digest.split(":")[1]).read_bytes()


def code(call):
    with pytest.raises(ClientError) as raised:
        call()
    return raised.value.response["Error"]["Code"]


def upload(ecr, repository, content, part=PART):
    """As a tool does that knows nothing but the API."""
    begun = ecr.initiate_layer_upload(repositoryName=repository)
    assert begun["partSize"] >= PART
    for first in range(0, len(content), part):
        piece = content[first : first + part]
        last = first + len(piece) - 1
        answer = ecr.upload_layer_part(
            repositoryName=repository, uploadId=begun["uploadId"], partFirstByte=first, partLastByte=last, layerPartBlob=piece
        )
        assert (answer["lastByteReceived"], answer["registryId"], answer["uploadId"]) == (last, ACCOUNT, begun["uploadId"])
    done = ecr.complete_layer_upload(repositoryName=repository, uploadId=begun["uploadId"], layerDigests=[digest_of(content)])
    assert done["layerDigest"] == digest_of(content)
    return done["layerDigest"]


def push(ecr, repository, layout, tag):
    """A whole image by the API alone; answers its digest."""
    manifest = manifest_of(layout)
    parsed = json.loads(manifest)
    named = [parsed["config"]["digest"], *(layer["digest"] for layer in parsed["layers"])]
    found = ecr.batch_check_layer_availability(repositoryName=repository, layerDigests=named)
    assert found["failures"] == []
    for layer in found["layers"]:
        if layer["layerAvailability"] == "UNAVAILABLE":
            upload(ecr, repository, blob(layout, layer["layerDigest"]))
    put = ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)["image"]
    assert put["imageManifest"] == manifest and put["imageId"]["imageTag"] == tag
    return put["imageId"]["imageDigest"]


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_an_image_that_was_pushed_by_the_api_alone_runs_and_its_next_tag_deploys(platform, images):
    layout, digest = images("hello")
    other, _ = images("hello", tag="v2", flags=["--env", "GREETING=Pushed by the API"])
    p = platform().start()
    ecr = p.client("ecr")
    ecr.create_repository(repositoryName="hello")
    assert push(ecr, "hello", layout, "v1") == digest
    parsed = json.loads(manifest_of(layout))
    named = [parsed["config"]["digest"], *(layer["digest"] for layer in parsed["layers"])]
    found = ecr.batch_check_layer_availability(repositoryName="hello", layerDigests=named)["layers"]
    assert [layer["layerAvailability"] for layer in found] == ["AVAILABLE"] * len(named)
    assert [layer["layerSize"] for layer in found] == [len(blob(layout, name)) for name in named]
    detail = ecr.describe_images(repositoryName="hello")["imageDetails"][0]
    assert (detail["imageDigest"], detail["imageTags"]) == (digest, ["v1"])

    created = follow(p, p.role("puller", path="/service-role/", attach=[PULL_POLICY]))
    p.until_status(created["ServiceArn"], "RUNNING")
    assert "Hello" in p.https(created["ServiceUrl"])[1]
    push(ecr, "hello", other, "v1")
    until("the new image answers", lambda: "Pushed by the API" in p.https(created["ServiceUrl"])[1], seconds=60)
    rows = p.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "PutImage"}])
    assert len(rows["Events"]) == 2
    p.stop()


def follow(p, role):
    """A service that deploys whatever the tag means."""
    source = {
        "ImageRepository": {
            "ImageIdentifier": f"{REGISTRY}/hello:v1",
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"Port": "8080"},
        },
        "AutoDeploymentsEnabled": True,
        "AuthenticationConfiguration": {"AccessRoleArn": role},
    }
    return p.client("apprunner").create_service(
        ServiceName="webs", SourceConfiguration=source, InstanceConfiguration={"Cpu": "256", "Memory": "512"}
    )["Service"]


def test_an_image_is_pulled_by_the_api_and_plain_http(platform, images):
    layout, digest = images("hello")
    p = platform().start()
    p.offer(layout, "v1", "hello:v1")
    ecr = p.client("ecr")
    read = ecr.batch_get_image(repositoryName="hello", imageIds=[{"imageTag": "v1"}], acceptedMediaTypes=[OCI_IMAGE, OCI_INDEX])
    manifest = read["images"][0]["imageManifest"]
    assert digest_of(manifest.encode()) == digest == read["images"][0]["imageId"]["imageDigest"]
    parsed = json.loads(manifest)
    urls = {}
    for descriptor in [parsed["config"], *parsed["layers"]]:
        answer = ecr.get_download_url_for_layer(repositoryName="hello", layerDigest=descriptor["digest"])
        assert answer["layerDigest"] == descriptor["digest"]
        urls[descriptor["digest"]] = answer["downloadUrl"]
        content = fetch(answer["downloadUrl"])
        assert digest_of(content) == descriptor["digest"] and len(content) == descriptor["size"]
    one, other = list(urls)[:2]
    assert status(urls[one].replace(one, other)) == 403, "a link opens one layer"
    assert status(urls[one].split("?")[0]) == 401, "without it a login is needed"
    layer = parsed["layers"][0]["digest"]
    assert code(lambda: ecr.get_download_url_for_layer(repositoryName="hello", layerDigest=digest_of(b"nowhere"))) == "LayersNotFoundException"
    loose = upload(ecr, "hello", b"a layer of no image")
    assert code(lambda: ecr.get_download_url_for_layer(repositoryName="hello", layerDigest=loose)) == "LayerInaccessibleException"

    # Links outlive the platform that gave them, and end with what they lead to.
    assert p.terminate() == 0
    p.start()
    assert digest_of(fetch(urls[layer])) == layer
    p.client("ecr").delete_repository(repositoryName="hello", force=True)
    assert status(urls[layer]) == 404
    p.stop()


def test_an_upload_survives_the_platform_and_a_wrong_part_says_where_to_go_on(platform):
    p = platform().start()
    ecr = p.client("ecr")
    ecr.create_repository(repositoryName="hello")
    content = bytes(n % 251 for n in range(PART + 100))
    begun = ecr.initiate_layer_upload(repositoryName="hello")["uploadId"]
    part = lambda first, piece: dict(
        repositoryName="hello", uploadId=begun, partFirstByte=first, partLastByte=first + len(piece) - 1, layerPartBlob=piece
    )
    ecr.upload_layer_part(**part(0, content[:PART]))
    p.kill()
    p.start()
    ecr = p.client("ecr")
    with pytest.raises(ClientError) as raised:
        ecr.upload_layer_part(**part(0, content[:PART]))
    told = raised.value.response
    assert told["Error"]["Code"] == "InvalidLayerPartException"
    assert (told["lastValidByteReceived"], told["uploadId"], told["repositoryName"], told["registryId"]) == (PART - 1, begun, "hello", ACCOUNT)
    ecr.upload_layer_part(**part(told["lastValidByteReceived"] + 1, content[PART:]))
    ecr.complete_layer_upload(repositoryName="hello", uploadId=begun, layerDigests=[digest_of(content)])
    found = ecr.batch_check_layer_availability(repositoryName="hello", layerDigests=[digest_of(content)])["layers"]
    assert found == [{"layerDigest": digest_of(content), "layerAvailability": "AVAILABLE", "layerSize": len(content)}]
    p.stop()


def test_an_index_signatures_and_attestations_stand_in_the_lists_as_they_were_pushed(platform, images):
    """What buildx pushes (an index of an image and an attestation) and what cosign pushes (a tag made of a digest; a manifest with a subject)."""
    layout, digest = images("hello")
    p = platform().start()
    ecr = p.client("ecr")
    ecr.create_repository(repositoryName="hello")
    manifest = manifest_of(layout)
    push(ecr, "hello", layout, "image")
    describe = lambda media, content: {"mediaType": media, "digest": digest_of(content), "size": len(content)}
    nothing = upload(ecr, "hello", b"{}")
    assert nothing == digest_of(b"{}")
    statement = b'{"_type":"https://in-toto.io/Statement/v0.1"}'
    upload(ecr, "hello", statement)
    attestation = json.dumps({
        "schemaVersion": 2, "mediaType": OCI_IMAGE, "config": describe("application/vnd.oci.image.config.v1+json", b"{}"),
        "layers": [describe("application/vnd.in-toto+json", statement)],
    })
    entry = {**describe(OCI_IMAGE, manifest.encode()), "platform": {"architecture": "amd64", "os": "linux"}}
    beside = {
        **describe(OCI_IMAGE, attestation.encode()), "platform": {"architecture": "unknown", "os": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest},
    }
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry, beside]})
    put = lambda text, **more: ecr.put_image(repositoryName="hello", imageManifest=text, **more)["image"]["imageId"]["imageDigest"]
    assert code(lambda: put(index, imageTag="multi")) == "ReferencedImagesNotFoundException"
    untagged = put(attestation, imageDigest=digest_of(attestation.encode()))
    multi = put(index, imageTag="multi")
    signature = json.dumps({
        "schemaVersion": 2, "mediaType": OCI_IMAGE, "config": describe("application/vnd.oci.image.config.v1+json", b"{}"),
        "layers": [describe("application/vnd.dev.cosign.simplesigning.v1+json", statement)],
    })
    signed = put(signature, imageTag=digest.replace(":", "-") + ".sig")
    referrer = json.dumps({
        "schemaVersion": 2, "mediaType": OCI_IMAGE, "artifactType": "application/vnd.example.sbom",
        "config": describe("application/vnd.oci.empty.v1+json", b"{}"), "layers": [describe("application/spdx+json", statement)],
        "subject": describe(OCI_IMAGE, manifest.encode()),
    })
    about = put(referrer)

    rows = {(row["imageDigest"], row.get("imageTag")) for row in ecr.list_images(repositoryName="hello")["imageIds"]}
    assert rows == {(digest, "image"), (multi, "multi"), (untagged, None), (signed, digest.replace(":", "-") + ".sig"), (about, None)}
    details = {one["imageDigest"]: one for one in ecr.describe_images(repositoryName="hello")["imageDetails"]}
    assert details[multi]["imageManifestMediaType"] == OCI_INDEX and "artifactMediaType" not in details[multi]
    assert details[signed]["artifactMediaType"] == "application/vnd.oci.image.config.v1+json"
    assert (details[about]["artifactMediaType"], details[about]["subjectManifestDigest"]) == ("application/vnd.example.sbom", digest)
    assert "subjectManifestDigest" not in details[signed] and "imageTags" not in details[about]
    host, password = p.registry_host(), p.aws("ecr", "get-login-password").strip()
    listed = p.curl(f"http://{host}/v2/hello/referrers/{digest}", "-u", f"AWS:{password}")
    assert [one["digest"] for one in json.loads(listed)["manifests"]] == [about]
    failures = ecr.batch_delete_image(repositoryName="hello", imageIds=[{"imageDigest": digest}])["failures"]
    assert [one["failureCode"] for one in failures] == ["ImageReferencedByManifestList"]
    together = [{"imageDigest": one} for one in (digest, untagged, multi)]
    assert ecr.batch_delete_image(repositoryName="hello", imageIds=together)["failures"] == []
    p.stop()
