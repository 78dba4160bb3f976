"""Files in an object store, tried against a real S3 server over HTTP; the local folder is asked the same questions."""

import io
from hashlib import sha256

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lms.foundation.stores import Folder, Refused, open_store
from tests.certified import Desk

KEYS = {"AWS_ACCESS_KEY_ID": "anyone", "AWS_SECRET_ACCESS_KEY": "anything", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(endpoint):
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="anyone",
                          aws_secret_access_key="anything")
    client.create_bucket(Bucket="escuela")
    yield client
    client.close()


@pytest.fixture(params=["folder", "s3"])
def kept(request, tmp_path):
    if request.param == "folder":
        return open_store("", tmp_path / "files", {})
    request.getfixturevalue("bucket")
    return open_store("s3://escuela/papeles", tmp_path, KEYS | {"AWS_ENDPOINT_URL": request.getfixturevalue("endpoint")})


@pytest.mark.parametrize("size", [0, 1, 65_536, 12 << 20])
def test_what_is_put_is_read_back_byte_for_byte(kept, size):
    content = (b"Acta \xc3\x91 0123456789" * (size // 18 + 1))[:size]
    stored = kept.put(io.BytesIO(content), 13 << 20)
    assert (stored.sha256, stored.size) == (sha256(content).hexdigest(), size)
    assert kept.read(stored.sha256) == content and b"".join(kept.chunks(stored.sha256)) == content and kept.holds(stored.sha256)


def test_the_same_content_is_kept_once(kept):
    first, second = (kept.put(io.BytesIO(b"igual"), 100) for _ in range(2))
    assert first == second and kept.read(first.sha256) == b"igual"


def test_what_is_too_long_is_refused_and_not_kept(kept):
    with pytest.raises(Refused, match="límite de 1 MB"):
        kept.put(io.BytesIO(b"x" * ((1 << 20) + 1)), 1 << 20)
    assert not kept.holds(sha256(b"x" * ((1 << 20) + 1)).hexdigest())


def test_what_is_not_there_is_an_oserror(kept):
    absent = sha256(b"nobody kept this").hexdigest()
    with pytest.raises(OSError):
        kept.read(absent)
    with pytest.raises(OSError):
        list(kept.chunks(absent))
    assert not kept.holds(absent)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "a" * 65, "é" * 64, ""])
def test_only_a_digest_is_a_name(kept, name):
    with pytest.raises(ValueError):
        kept.read(name)


def test_a_store_that_is_away_is_an_oserror_and_no_acknowledgement(tmp_path):
    away = open_store("s3://escuela", tmp_path, KEYS | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    with pytest.raises(OSError):
        away.put(io.BytesIO(b"x"), 10)


def test_the_bucket_holds_nothing_but_names_of_content(kept, request):
    stored = kept.put(io.BytesIO(b"nombre"), 100)
    if isinstance(kept, Folder):
        assert kept.path(stored.sha256).read_bytes() == b"nombre"
    else:
        found = request.getfixturevalue("bucket").list_objects_v2(Bucket="escuela", Prefix="papeles/")["Contents"]
        assert f"papeles/{stored.sha256[:2]}/{stored.sha256}" in {one["Key"] for one in found}


def test_a_setting_that_names_no_store_is_told_so(tmp_path):
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        open_store("ftp://somewhere", tmp_path, {})


def test_a_certificate_is_issued_into_the_bucket_and_downloaded_from_it(app, world, client_of, bucket, endpoint, tmp_path, monkeypatch):
    app.extensions["files"] = open_store("s3://escuela/papeles", tmp_path, KEYS | {"AWS_ENDPOINT_URL": endpoint})
    desk = Desk(app, world, monkeypatch)
    desk.has_earned("ana")
    made = desk.issue("ana")
    paper = client_of("ana").get(f"/mis-certificados/{made}.pdf").data
    found = bucket.get_object(Bucket="escuela", Key=f"papeles/{(digest := sha256(paper).hexdigest())[:2]}/{digest}")
    assert paper.startswith(b"%PDF") and found["Body"].read() == paper
