"""Hole 4 and its kin: every form with fields it never asked for, and with values no person would write.

The forms are found on the pages that offer them (tests/offered.py), so that a new one is tried without being listed.
"""

import json
import re

import pytest

from tests.certified import Desk
from tests.offered import FILES, NEVER_OFFERED
from tests.plain import ROW, urls
from tests.web.test_doors import ROWS

POSTS = sorted({endpoint for endpoint, method, _url, _cells in ROWS if method == "POST"})
MORE = {        # what a stranger hopes some row would take
    "role": "office", "roles": "office", "papel": "office", "is_admin": "1", "admin": "true", "is_staff": "1", "grade": "7.0",
    "nota": "7,0", "points": "12", "out_of": "1", "share": "1", "user_id": "6", "person_id": "2", "persona_id": "2", "actor_id": "6",
    "marker_id": "6", "author_id": "6", "program_id": "2", "programme": "otro", "cohort_id": "2", "institution_id": "1", "edition_id": "x",
    "closed_at": "2020-01-01", "submitted_at": "2020-01-01", "released_at": "2020-01-01", "ends_at": "2030-01-01", "due_at": "2030-01-01",
    "started_at": "2020-01-01", "expires_at": "2040-01-01", "used_at": "", "folio": "EGL-2027-999999-00", "series": "EGL", "id": "1",
    "version": "9", "seed": "1", "by_clock": "0", "batch_id": "1", "password_hash": "x", "email_key": "x", "sort_key": "x",
    "certificate_name": "Otro Nombre", "certificate_name_confirmed_at": "2020-01-01", "state": "done", "status": "approved",
    "withdrawn_at": "", "withdraws_id": "1", "source": "plugin", "reference": "x", "receipt": "0", "sha256": "0", "snapshot": "{}",
    "__class__": "x", "_sa_instance_state": "x", "session_id": "1", "csrf": "x",
}
CHANCE = {"paper_sha256", "link", "signature", "previous", "password_hash", "token_hash", "seed", "code", "short_code", "sha256", "snapshot", "request_id",
          "sealed", "message_id", "ms"}


def told(plain) -> dict[str, list[dict]]:
    """The whole database but for what chance makes."""
    found = plain.tables()
    for rows in found.values():
        for row in rows:
            for column in CHANCE & row.keys():
                row[column] = "*"
            if "payload" in row:
                row["payload"] = re.sub(r"/enlace/[\w-]+|/(entrada|invitacion|delegacion|anfitriona)/[\w-]+|[0-9A-Z]{26}|\b[0-9a-f]{64}\b", "*", row["payload"])
    return found


def test_every_form_is_found(plain, offered):
    assert set(POSTS) - offered.keys() == NEVER_OFFERED


@pytest.mark.parametrize("endpoint", sorted(set(POSTS) - NEVER_OFFERED - {"seminars.here_typed"}))     # that needs a code of the moment: test_presence.py
def test_a_field_the_form_does_not_ask_for_changes_nothing(plain, offered, endpoint, monkeypatch):
    monkeypatch.setattr("lms.attempts.routes.arrived", lambda: plain.world.now)      # told to the microsecond otherwise
    form = offered[endpoint]
    first = form.send(plain)
    assert first.status_code in (200, 303), (first.status_code, form.fields, first.get_data(as_text=True)[-3000:])
    meant = told(plain)
    plain.restore(plain.copied)
    more = {name: value for name, value in MORE.items() if name not in form.names}
    second = form.send(plain, **more)
    assert second.status_code == first.status_code
    came = told(plain)
    for table in meant:
        assert came[table] == meant[table], table


def test_what_a_script_says_beside_its_answer_changes_nothing(plain):
    ana, url = plain.client("ana"), "/cohortes/1/intentos/50/respuestas"

    def save(more):
        body = {"saves": [{"key": "abcdefgh", "question": "anio", "base": 0, "fields": [["r1.q", "a"]], **more}], **more}
        return ana.post(url, data=json.dumps(body), content_type="application/json", headers={"X-CSRF-Token": plain.token})
    assert save({}).status_code == 200
    meant = told(plain)
    plain.restore()
    assert save({name: value for name, value in MORE.items() if name != "id"} | {
        "attempt_id": ROW, "saved_at": "2020-01-01", "value": '"b"'}).status_code == 200
    assert told(plain) == meant


def test_nobody_is_given_a_post_by_any_form_but_those_that_give_posts(plain, offered):
    """Every form with every field that might, by everyone who may open it: the posts are as they were."""
    before = plain.tables()["posts"]
    giving = {"people.add_post", "people.end_post", "cohorts.enrol", "cohorts.resume", "cohorts.withdraw", "cohorts.confirm_import",
              "cohorts.undo_import"}
    for endpoint, form in offered.items():
        if endpoint not in giving:
            form.send(plain, **{name: value for name, value in MORE.items() if name not in form.names})
    assert plain.tables()["posts"] == before


# Values no person would write ----------------------------------------------------------------------------------------

ODD = ("Con un \0 adentro", "\u00b2", "9", "sNaN", "9" * 5000)


def broken(plain, form, odd):
    """(field, value, what broke) for each field of a form, sent with each odd value."""
    browser = plain.client(form.who)
    for name in sorted({name for name, _ in form.fields} | set(form.names) - {FILES.get(form.endpoint, ("",))[0]}):
        for value in odd:
            try:
                status = form.send(plain, browser, **{name: value}).status_code
            except Exception as wrong:      # in front of a person it would be a page of status 500
                yield form.endpoint, name, value[:12], f"{type(wrong).__name__}: {str(wrong)[:120]}"
                plain.app.extensions["database"].engine.dispose()
            else:
                if status >= 500:
                    yield form.endpoint, name, value[:12], status


def test_no_odd_value_breaks_a_page(plain, offered):
    found = []
    for form in offered.values():
        plain.restore(plain.copied)
        found += broken(plain, form, ODD)
    offered["attempts.hand_in"].send(plain)         # a newer version has come while the older was marked
    found += broken(plain, offered["grading.mark_submission"], ODD)
    assert not found


def test_no_odd_value_breaks_a_page_on_postgresql(plain_postgres, looked_once, monkeypatch):
    """PostgreSQL refuses what SQLite keeps: a NUL, a number too large for a column, a text too long for one."""
    Desk(plain_postgres.app, plain_postgres.world, monkeypatch).has_earned("ciro", "ana")
    found = []
    for form in looked_once[1].values():
        if form.endpoint not in ("people.sign_out", "people.one_time_link", "cohorts.confirm_import", "people.close_account"):
            found += broken(plain_postgres, form, ("Con un \0 adentro", "9" * 9, "x" * 70_000))
    assert not found


def test_no_odd_address_breaks_a_page(plain):
    """The parts of an address and what stands after its question mark."""
    found = []
    for who, odd in (("olga", "a%00b"), ("ana", "a%00b"), ("ivan", "%F0%9F%92%A9"), ("coral", "%ED%A0%80"), ("olga", "9" * 30), ("ana", "²")):
        found += broken_addresses(plain, who, odd)
    assert not found


def test_no_odd_address_breaks_a_page_on_postgresql(plain_postgres):
    found = []
    for who in ("olga", "ana", "ivan", "coral"):
        found += broken_addresses(plain_postgres, who, "a%00b")
    assert not found


def broken_addresses(plain, who, odd):
    texts = dict.fromkeys(("module", "lesson", "question", "item", "folio", "code", "token", "edition_id"), "ODD")
    names = ("q", "papel", "pagina", "hecho", "persona", "cohorte", "antes", "clase", "ver", "grupo", "modulo", "como", "folio", "codigo",
             "archivo", "institucion", "estado", "tras", "otra", "next", "enviado", "zona")
    browser = plain.client(who)
    pages = [(url, None) for _e, method, url in urls(plain.app, **texts) if method == "GET"]
    pages += [(url, "&".join(f"{name}={odd}" for name in names)) for _e, method, url in urls(plain.app) if method == "GET"]
    for url, query in pages:
        url = url.replace("ODD", odd)
        try:
            status = browser.get(f"{url}?{query}" if query else url).status_code
        except Exception as wrong:          # in front of a person it would be a page of status 500
            yield who, url, odd, f"{type(wrong).__name__}: {str(wrong)[:120]}"
            plain.app.extensions["database"].engine.dispose()
        else:
            if status >= 500:
                yield who, url, odd, status
