"""Receipts of answers: each acknowledgement carries one, none is given without the commit, and anyone can verify them."""

import hashlib
import json
import os
import subprocess
import sys
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lms.attempts import receipts
from lms.attempts.commands import receipts as command
from lms.attempts.keys import Keyring
from lms.attempts.models import Answer
from lms.attempts.receipts import Wrong
from tests.looking import statements
from tests.web.test_attempts import PAGE1, ana, begin, key, put, rows  # noqa: F401

MOMENT = datetime(2027, 4, 20, 15, 0, tzinfo=UTC)


def independent(text: str, published: dict) -> int:
    """Twenty lines that know only docs/receipts.md and `cryptography`; how many receipts hold."""
    keys = {k["clave"]: Ed25519PublicKey.from_public_bytes(b64decode(k["publica"])) for k in published["claves"]}
    ends: dict[str, tuple[int, str]] = {}
    blocks = [[line for line in block.split("\n") if line] for block in text.split("\n\n")]
    for lines in blocks:
        value = json.loads(lines.pop()[6:]) if lines[-1].startswith("valor ") else None
        said = dict(line.split(" ", 1) for line in lines)
        signed = "".join(f"{line}\n" for line in lines[:-1])
        keys[said["clave"]].verify(b64decode(said["firma"]), signed.encode())
        facts = "".join(f"{line}\n" for line in lines[4:13])
        number, before = ends.get(said["intento"], (0, "0" * 64))
        assert int(said["orden"]) == number + 1
        assert hashlib.sha256(f"{before}\n{facts}".encode()).hexdigest() == said["cadena"]
        assert value is None or hashlib.sha256(value.encode()).hexdigest() == said["respuesta"]
        ends[said["intento"]] = (number + 1, said["cadena"])
    return len(blocks)


@pytest.fixture
def told(ana, world):  # noqa: F811
    """An attempt with four answers by form and two by script, the second of them sent twice."""
    mine = begin(ana)
    ana.send(mine, {**PAGE1, "ir": "p2"})
    put(ana, mine, (key(1), "meta", [["r5.q", "0,7"]]))
    world.later(seconds=20)
    for _ in range(2):
        last = put(ana, mine, (key(2), "registro", [["r6.q", "SUBDERE"]])).json["saved"][key(2)]
    return mine, last


def test_every_acknowledgement_carries_a_receipt_and_the_same_save_the_same(ana, told):  # noqa: F811
    mine, last = told
    assert last["sequence"] == 6 and f"evento {key(2)}\npregunta registro\n" in last["receipt"]
    file = ana.get(mine + "/recibos.txt").get_data(as_text=True)
    assert last["receipt"] in file and file.count(receipts.HEAD) == 6


def test_twenty_lines_of_somebody_else_verify_them(ana, told, client_of):  # noqa: F811
    file = ana.get(told[0] + "/recibos.txt").get_data(as_text=True)
    assert independent(file, client_of("nobody").get("/claves").json) == 6


def test_an_answer_of_several_lines_is_told_in_one(ana, app):  # noqa: F811
    mine = begin(ana)
    put(ana, mine, (key(1), "registro", [["r6.q", "Uno\n\nlms-recibo 1 «ñ»"]]))
    file = ana.get(mine + "/recibos.txt").get_data(as_text=True)
    assert independent(file, ana.get("/claves").json) == 1


def test_the_answers_of_an_attempt_are_numbered_and_chained(told, rows):  # noqa: F811
    found = rows(select(Answer.sequence, Answer.chain).order_by(Answer.id))
    assert [sequence for sequence, _ in found] == [1, 2, 3, 4, 5, 6] and len({chain for _, chain in found}) == 6


def test_the_devices_clock_is_kept_beside_ours_however_wrong(ana, rows, world):  # noqa: F811
    mine, now = begin(ana), int(world.now.timestamp() * 1000)
    two_days = 2 * 86400 * 1000
    body = {"clock": now + two_days, "saves": [{"key": key(1), "question": "anio", "fields": [["r1.q", "a"]], "base": 0,
                                                "at": now + two_days - 90_000}]}
    assert put(ana, mine, raw=json.dumps(body)).status_code == 200
    ((client_at, ahead, saved_at),) = rows(select(Answer.client_at, Answer.ahead, Answer.saved_at))
    assert (client_at - saved_at).total_seconds() == two_days / 1000 - 90 and ahead == two_days / 1000
    assert "esperó conexión" in ana.get(mine + "/recibos").get_data(as_text=True)


@pytest.mark.parametrize("wild", [-1, 1 << 60, 1.5, "x", None, [], True])
def test_a_clock_that_says_nothing_sensible_is_not_believed(ana, rows, wild):  # noqa: F811
    body = {"clock": wild, "saves": [{"key": key(1), "question": "anio", "fields": [], "base": 0, "at": wild}]}
    assert put(ana, begin(ana), raw=json.dumps(body)).status_code == 200
    assert rows(select(Answer.client_at, Answer.ahead)) == [(None, None)]


def test_saving_still_costs_three_statements(ana, app, told):  # noqa: F811
    token = ana.token()
    save = {"key": key(9), "question": "anio", "fields": [["r1.q", "b"]], "base": 0, "at": 1}
    with statements(app) as seen:
        ana.post(told[0] + "/respuestas", json={"saves": [save]}, headers={"X-CSRF-Token": token,
                                                                          "Accept": "application/json"})
    assert len(seen) == 3, seen


def test_a_commit_that_fails_never_delivers_the_acknowledgement(ana, told, monkeypatch, rows):  # noqa: F811
    """The receipt is made before the commit; it must not leave the house if that fails."""
    def fail(_self):
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))
    ana.application.config["PROPAGATE_EXCEPTIONS"] = False
    ana.application.testing = False
    body, token = {"saves": [{"key": key(7), "question": "anio", "fields": [["r1.q", "b"]], "base": 0}]}, ana.token()
    headers = {"X-CSRF-Token": token, "Accept": "application/json"}
    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", fail)
        answer = ana.post(told[0] + "/respuestas", json=body, headers=headers)
    assert answer.status_code == 503 and "firma" not in answer.get_data(as_text=True)
    assert (key(7),) not in rows(select(Answer.key))
    assert ana.post(told[0] + "/respuestas", json=body, headers=headers).json["saved"][key(7)]["sequence"] == 7


def test_an_attempt_begun_before_there_were_receipts_goes_on_with_them(ana, app, world):  # noqa: F811
    mine = begin(ana)
    with app.extensions["database"].transaction() as session:
        session.add(Answer(attempt_id=1, question="anio", value='"b"', key=key(1), saved_at=world.now))
    assert put(ana, mine, (key(1), "anio", [["r1.q", "b"]])).json["saved"][key(1)]["receipt"] == ""
    assert put(ana, mine, (key(2), "anio", [["r1.q", "a"]])).json["saved"][key(2)]["sequence"] == 1
    assert independent(ana.get(mine + "/recibos.txt").get_data(as_text=True), ana.get("/claves").json) == 1
    assert "anterior a los recibos" in ana.get(mine + "/recibos").get_data(as_text=True)


def test_nobody_else_sees_the_receipts_and_everyone_the_keys(client_of, told):
    for who, status in (("beto", 403), ("ivan", 403), ("nobody", 303)):
        assert client_of(who).get(told[0] + "/recibos").status_code == status
        assert client_of(who).get(told[0] + "/recibos.txt").status_code == status
    assert client_of("nobody").get("/claves").json["claves"][0]["algoritmo"] == "Ed25519"


# Verifying offline ----------------------------------------------------------------------------------------------------

@pytest.fixture
def files(ana, told, tmp_path):  # noqa: F811
    """The file and the keys, saved as a student would."""
    (tmp_path / "recibos.txt").write_text(ana.get(told[0] + "/recibos.txt").get_data(as_text=True))
    (tmp_path / "claves.json").write_text(ana.get("/claves").get_data(as_text=True))
    return tmp_path


def verified(folder, *more):
    done = CliRunner().invoke(command, ["verify", str(folder / "recibos.txt"), "--keys", str(folder / "claves.json"), *more])
    return done.exit_code, done.output


def test_the_command_says_that_all_hold(files):
    assert verified(files) == (0, f"{files}/recibos.txt: all hold: 6 of attempt 1.\n")
    assert json.loads(verified(files, "--json")[1])["receipts"] == 6


def test_the_command_needs_neither_database_nor_network_nor_our_app(files):
    code = "import sys; from lms.attempts.commands import receipts; receipts(sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, "verify", str(files / "recibos.txt"), "--keys", str(files / "claves.json")],
                          env={"PATH": os.environ["PATH"], "LMS_INSTANCE": "/nonexistent"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_byte_that_is_changed_is_found_and_the_line_named(files, app):
    file, keys = (files / "recibos.txt").read_text(), app.extensions["receipt_keys"].public()
    lines = file.split("\n")
    for number, line in enumerate(lines[:18], 1):
        for at in range(0, len(line), 7):
            other = "x" if line[at] != "x" else "y"
            changed = "\n".join([*lines[:number - 1], line[:at] + other + line[at + 1:], *lines[number:]])
            with pytest.raises(Wrong) as found:
                receipts.verify(changed, keys)
            assert 1 <= found.value.line <= 18 and found.value.why


@pytest.mark.parametrize(("spoil", "why"), [
    (lambda blocks: [], "no receipt"),
    (lambda blocks: [blocks[1], blocks[0]], "in their order"),
    (lambda blocks: ["algo", *blocks], "begins with"),
    (lambda blocks: [blocks[0][:200]], "here a receipt says")])
def test_what_is_no_file_of_receipts_is_told_so(files, app, spoil, why):
    blocks = (files / "recibos.txt").read_text().split("\n\n")
    with pytest.raises(Wrong, match=why):
        receipts.verify("\n\n".join(spoil(blocks)), app.extensions["receipt_keys"].public())


def test_a_missing_receipt_is_a_gap_and_not_a_fault(files, app):
    blocks = (files / "recibos.txt").read_text().split("\n\n")
    told = receipts.verify("\n\n".join([*blocks[:2], *blocks[4:]]), app.extensions["receipt_keys"].public())
    assert told.gaps == ["1: 3-4"] and told.count == 4


def forged(app, *answers):
    """Receipts a site that changed the past would sign."""
    signer, text = app.extensions["receipt_keys"].signer(), []
    for sequence, value, chain in answers:
        answer = receipts.Kept(1, value, MOMENT, "anio", "key-12345", sequence=sequence)
        real = receipts.link(receipts.FIRST, receipts.facts(1, answer))
        text.append(receipts.receipt(signer, 1, 1, receipts.Kept(**{**vars(answer), "chain": chain or real})))
    return "\n".join(text)


def test_a_site_that_tells_two_histories_is_found_by_its_own_signatures(app):
    keys = app.extensions["receipt_keys"].public()
    with pytest.raises(Wrong, match="contradicts itself"):
        receipts.verify(forged(app, (1, "a", ""), (1, "b", "")), keys)
    with pytest.raises(Wrong, match="changed the past"):
        receipts.verify(forged(app, (1, "a", ""), (2, "b", "0" * 64)), keys)


def test_another_installations_key_proves_nothing(files, tmp_path):
    with pytest.raises(Wrong, match="no public key"):
        receipts.verify((files / "recibos.txt").read_text(), Keyring(tmp_path / "other", "x").public())


# The keys -------------------------------------------------------------------------------------------------------------

def test_the_key_is_made_on_first_use_for_this_user_only(app, told):
    (file,) = (app.config["INSTANCE"] / "keys" / "receipts").iterdir()
    assert file.name == "000001.pem" and file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_after_a_change_of_keys_old_and_new_receipts_hold_and_the_old_key_is_gone(ana, app, told):  # noqa: F811
    before = ana.get(told[0] + "/recibos.txt").get_data(as_text=True)
    new = app.extensions["receipt_keys"].rotate()
    save = put(ana, told[0], (key(5), "anio", [["r1.q", "c"]])).json["saved"][key(5)]
    assert f"clave {new}\n" in save["receipt"]
    assert independent(before + "\n" + save["receipt"], ana.get("/claves").json) == 7
    folder = app.config["INSTANCE"] / "keys" / "receipts"
    assert sorted(path.name for path in folder.iterdir()) == ["000001.pub", "000002.pem"]


def test_of_eight_that_make_the_first_key_at_once_one_is_kept(tmp_path):
    rings = [Keyring(tmp_path / "keys", "x") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert len({signer.key_id for signer in pool.map(lambda ring: ring.signer(), rings)}) == 1
