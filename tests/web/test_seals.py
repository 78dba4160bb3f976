"""The school's keys on the page and at the terminal, and time stamps that come after the paper is kept."""

import json
from io import BytesIO

import pytest
from click.testing import CliRunner
from cryptography import x509
from sqlalchemy import select

from lms.foundation import outbox
from lms.foundation.outbox import OutboxJob
from lms.seals import actions, queries
from lms.seals.actions import Stamping
from lms.seals.commands import seals
from lms.seals.models import SealStamp
from lms.seals.pdf import inspect
from lms.seals.rules import Standing, due
from lms.seals.timekeeping import NoTimeStamp
from lms.seals.worker import stamp
from tests.sealing import DAY, paper, sealed
from tests.tsa import Authority, served


@pytest.fixture
def ring(app):
    return app.extensions["seals"]


@pytest.fixture(scope="module")
def authority():
    return Authority()


def run(app, *words):
    with app.app_context():
        return CliRunner().invoke(seals, words, obj=None)


def kept(app, ring, now):
    """A sealed paper in the store."""
    made = sealed(ring, now)
    return made, app.extensions["files"].put(BytesIO(made), 1 << 20).sha256


# Pages

def test_without_keys_the_page_says_so_and_makes_none(app, world, client_of, ring):
    page = client_of("nobody").get("/llaves").text
    assert "todavía no ha firmado nada" in page and ring.known() == ()
    assert client_of("nobody").get("/llaves/revocadas.crl").status_code == 404


def test_keys_are_published_with_their_states(app, world, client_of, ring):
    first = ring.pdf_signer(world.now).kid
    ring.rotate("seal", world.now)
    badge = ring.ed25519[0]
    ring.revoke(badge, world.now, "robo del servidor", world.now)
    told = client_of("nobody").get("/.well-known/jwks.json").json
    states = {key["kid"]: key for key in told["keys"]}
    assert states[first]["until"] and not states[first]["revoked_at"]
    assert states[badge]["revoked_reason"] == "robo del servidor" and states[badge]["kty"] == "OKP"
    page = client_of("nobody").get("/llaves").text
    assert "Revocada" in page and "robo del servidor" in page and "En uso" in page and "Ya no firma" in page
    assert x509.load_pem_x509_certificate(client_of("nobody").get(f"/llaves/{first}.pem").data)
    assert x509.load_der_x509_crl(client_of("nobody").get("/llaves/revocadas.crl").data).next_update_utc
    assert client_of("nobody").get("/llaves/nada.pem").status_code == 404


def test_the_page_says_what_the_signature_is_and_is_not_in_each_country(app, world, client_of):
    page = client_of("nobody").get("/llaves").text
    for words in ("firma electrónica simple según la Ley 19.799", "No es una firma electrónica avanzada",
                  "firma electrónica según la Ley 25.506", "No es una firma digital"):
        assert words in page


@pytest.mark.parametrize(("language", "words"), [("pt", "Assinatura eletrônica e chaves públicas"),
                                                 ("en", "Electronic signature and public keys")])
def test_the_page_is_said_in_other_languages(app, world, client_of, language, words):
    client = client_of("nobody")
    client.set_cookie("language", language)
    page = client.get("/llaves").text
    assert words in page and "llave" not in page.split("<main")[1].split("</main>")[0].lower().replace("/llaves", "")


# At the terminal

def test_keys_are_listed_followed_and_revoked(app, world, ring):
    listed = run(app, "keys")
    assert listed.exit_code == 0 and listed.output.count("signs") == 3
    assert "From now on" in run(app, "rotate", "seal").output
    badge = ring.ed25519[0]
    assert "is revoked" in run(app, "revoke", badge, "--reason", "perdida").output
    assert "revoked before" in run(app, "revoke", badge, "--reason", "otra").output
    assert "No key is called" in run(app, "revoke", "nada", "--reason", "x").output
    assert "to come" in run(app, "revoke", ring.ed25519[0], "--reason", "x", "--since", "2099-01-01").output
    states = {key["kind"]: key["state"] for key in json.loads(run(app, "keys", "--json").output)}
    assert states["seal"] == "signs"


def test_a_file_is_inspected(app, world, ring, tmp_path):
    made = sealed(ring, world.now)
    (tmp_path / "a.pdf").write_bytes(made)
    (tmp_path / "b.pdf").write_bytes(made + b" ")
    assert run(app, "inspect", str(tmp_path / "a.pdf")).output.startswith("SOUND")
    wrong = run(app, "inspect", str(tmp_path / "b.pdf"), "--json")
    assert wrong.exit_code == 1 and json.loads(wrong.output)["problems"] == ["appended"]


def test_check_tells_what_is_wrong_and_how_to_mend_it(app, world, ring):
    assert run(app, "check").exit_code == 0 and ring.known() == ()
    ring.public()
    (ring.shelf.folder / "seal-000001.pem").chmod(0o644)
    app.extensions["stamping"] = Stamping("B-T", "http://127.0.0.1:1/")
    told = run(app, "check")
    assert told.exit_code == 1 and "chmod" in told.output and "anchors" in told.output


def test_settings_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="needs a time-stamp authority"):
        Stamping.of("B-T", "")
    with pytest.raises(ValueError, match="one of"):
        Stamping.of("B-X", "http://tsa")
    assert Stamping.of("", "http://tsa").level == "B-T" and Stamping.of("", "").level == "B-B"


def test_a_token_without_its_package_is_told_clearly(app, world, ring, monkeypatch):
    from lms.seals.tokens import Address  # noqa: PLC0415
    ring.token = Address.read("pkcs11:token=a;object=b?module-path=/nowhere.so")
    told = run(app, "check")
    assert told.exit_code == 1 and ("python-pkcs11" in told.output or "can not be opened" in told.output)


# Time stamps

@pytest.fixture
def stamping(app, world, ring, authority):
    authority.anchor(ring.anchors)
    authority.now, authority.asked, authority.answer, authority.status = world.now, 0, None, 200
    with served(authority) as url:
        app.extensions["stamping"] = Stamping("B-T", url)
        yield app.extensions["stamping"]


def rows(app):
    with app.extensions["database"].reading() as session:
        return session.execute(select(SealStamp.original, SealStamp.number, SealStamp.level)).all()


def test_the_stamp_comes_after_the_commit_and_the_paper_is_the_latest_file(app, world, ring, stamping):
    made, original = kept(app, ring, world.now)
    database = app.extensions["database"]
    with database.transaction() as session:
        actions.ask_for_stamp(session, world.now, stamping, original)
    assert rows(app) == []
    outbox.work(app)
    with database.reading() as session:
        latest = queries.latest(session, original)
        assert latest != original and queries.original(session, latest) == original
        assert queries.original(session, "0" * 64) == "0" * 64
    stamped = app.extensions["files"].read(latest)
    assert stamped.startswith(made) and inspect(stamped, ring, world.now).signatures[0].level == "B-T"


def test_an_authority_that_is_down_leaves_the_paper_b_b_and_is_asked_again(app, world, ring, stamping, authority):
    made, original = kept(app, ring, world.now)
    database = app.extensions["database"]
    with database.transaction() as session:
        actions.ask_for_stamp(session, world.now, stamping, original)
    authority.status = 503
    outbox.work(app)
    with database.reading() as session:
        job = session.scalar(select(OutboxJob).where(OutboxJob.kind == actions.JOB))
        assert job.done_at is None and "time-stamp authority answered 503" in job.last_error
        assert queries.latest(session, original) == original
    assert inspect(made, ring, world.now).sound
    authority.status = 200
    world.later(hours=1)
    authority.now = world.now
    outbox.work(app)
    assert rows(app) == [(original, 1, "B-T")]


def test_renew_is_idempotent_and_goes_on_after_the_authority_came_back(app, world, ring, stamping, authority):
    papers = [kept(app, ring, world.now)[1]] + [
        app.extensions["files"].put(BytesIO(sealed(ring, world.now + n * DAY / 1000)), 1 << 20).sha256 for n in (-1, -2)]
    app.extensions["sealed"].append(lambda session: papers)
    assert run(app, "renew", "--dry-run").output.startswith("3 of 3") and authority.asked == 0
    authority.status = 500
    down = run(app, "renew")
    assert down.exit_code == 1 and "0 of 3" in down.output and authority.asked == 1
    authority.status = 200
    assert run(app, "renew").output.startswith("3 of 3")
    assert run(app, "renew").output.startswith("0 of 3 papers need")
    assert len(rows(app)) == 3 and authority.asked == 4


def test_a_higher_level_and_an_ageing_stamp_are_reasons_to_stamp_again(app, world, ring, stamping, authority):
    _, original = kept(app, ring, world.now)
    assert stamp(app, original, world.now) and not stamp(app, original, world.now)
    app.extensions["stamping"] = Stamping("B-LTA", stamping.authority)
    assert stamp(app, original, world.now)
    app.extensions["stamping"] = stamping           # B-T again: what it reached it keeps
    later = world.now.replace(year=world.now.year + 22)
    authority.now = later
    assert stamp(app, original, later)
    assert [level for _, _, level in rows(app)] == ["B-T", "B-LTA", "B-LTA"]


def test_when_two_stamp_the_same_paper_one_row_is_kept(app, world, ring, stamping):
    _, original = kept(app, ring, world.now)
    database = app.extensions["database"]
    standing = Standing(original)
    content = app.extensions["files"].read(original)
    stamped, level, until = actions.longer(content, ring, world.now, stamping, standing)
    stored = app.extensions["files"].put(BytesIO(stamped), 1 << 20)
    with database.transaction() as session:
        actions.keep(session, world.now, standing, stored, level, until)
    with pytest.raises(Exception, match=r"(?i)unique"), database.transaction() as session:
        actions.keep(session, world.now, standing, stored, level, until)
    assert len(rows(app)) == 1


def test_a_stamp_is_never_changed(app, world, ring, stamping):
    _, original = kept(app, ring, world.now)
    stamp(app, original, world.now)
    with pytest.raises(RuntimeError, match="never changed"), app.extensions["database"].transaction() as session:
        session.scalar(select(SealStamp)).level = "B-LTA"


def test_without_an_authority_nothing_is_asked(app, world, ring):
    _, original = kept(app, ring, world.now)
    with app.extensions["database"].transaction() as session:
        actions.ask_for_stamp(session, world.now, app.extensions["stamping"], original)
    assert not stamp(app, original, world.now)
    with app.extensions["database"].reading() as session:
        assert session.scalar(select(OutboxJob).where(OutboxJob.kind == actions.JOB)) is None


def test_what_is_no_paper_of_ours_is_not_stamped(app, world, ring, stamping):
    digest = app.extensions["files"].put(BytesIO(paper()), 1 << 20).sha256
    with pytest.raises(ValueError, match="no_signature"):
        stamp(app, digest, world.now)
    with pytest.raises(NoTimeStamp):
        app.extensions["stamping"] = Stamping("B-T", "http://127.0.0.1:1/")
        stamp(app, kept(app, ring, world.now)[1], world.now)


def test_when_a_stamp_is_due():
    from tests.sealing import NOW  # noqa: PLC0415
    assert due(Standing("a"), "B-B", NOW) == "" and due(Standing("a"), "B-T", NOW) == "level"
    fresh = Standing("a", 1, "b", "B-T", NOW + 366 * DAY)
    assert due(fresh, "B-T", NOW) == "" and due(fresh, "B-T", NOW + 2 * DAY) == "age" and due(fresh, "B-LTA", NOW) == "level"
