"""Rules of people: who may be given a post, where a browser may be sent, which addresses and names are taken."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFont

from lms.people import devices, passwords, rules
from lms.people.emails import BadEmail, deliverable, normal, skeleton
from lms.people.rules import Actor, May, Post, Refused, Role, own_path, permits, post_refusal

FONTS = Path(rules.__file__).parents[1] / "foundation" / "paper" / "fonts"


@pytest.mark.parametrize("granter, role, cohort, institution, refused_at", [
    (1, Role.OFFICE, None, None, None),
    (1, Role.AUDITOR, None, None, None),
    (1, Role.COORDINATOR, 3, None, None),
    (1, Role.INSTRUCTOR, 3, 2, None),
    (None, Role.STUDENT, 3, None, None),        # a command of the installation
    (1, Role.INSTRUCTOR, 3, None, "institution"),
    (1, Role.INSTRUCTOR, None, 2, "cohort"),
    (1, Role.COORDINATOR, None, None, "cohort"),
    (1, Role.STUDENT, None, None, "cohort"),
    (1, Role.OFFICE, 3, None, "cohort"),
    (7, Role.AUDITOR, None, None, "role"),      # oneself
    (7, Role.STUDENT, 3, None, "role"),
])
def test_a_post_is_given_by_someone_else_and_names_its_place(granter, role, cohort, institution, refused_at):
    refusal = post_refusal(granter, 7, role, cohort, institution)
    assert (refusal[0] if refusal else None) == refused_at


@pytest.mark.parametrize("target", [
    "//evil.org", "///evil.org", "/\\evil.org", "\\\\evil.org", "\\/evil.org", "/\t/evil.org", "/\n/evil.org",
    "/\r\nSet-Cookie: a=b", "/\x00/evil.org", "/ /evil.org", " //evil.org", "http://evil.org", "https:/evil.org",
    "javascript:alert(1)", "data:text/html,x", "evil.org", "mailto:a@evil.org", "//evil.org@localhost", "/.//evil.org",
    "/a//evil.org", "/..//evil.org", "http:///evil.org", "//[::1]/", "/\u0085/evil.org", "/x" * 2000, "", None])
def test_a_browser_is_sent_nowhere_else(target):
    assert own_path(target) is None


@pytest.mark.parametrize("target", ["/", "/inicio", "/cohortes/1/modulos/G1?pagina=2", "/personas?q=%2F%2Fevil.org"])
def test_a_browser_is_sent_back_to_where_it_was(target):
    assert own_path(target) == target


@pytest.mark.parametrize("typed, kept", [
    (" Ana.Perez@Example.ORG ", "ana.perez@example.org"), ("ＡＮＡ@example.org", "ana@example.org"),
    ("partes@Ñuñoa.cl", "partes@ñuñoa.cl"), ("graciela@municipio.example", "graciela@municipio.example")])
def test_an_address_has_one_stored_form(typed, kept):
    assert normal(typed) == kept


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "ana@castro", "a b@example.org", "ana@x.org,beto@x.org",
                                   "ana@example.org\nBcc: x@example.org", "straße@example.org", "a" * 300 + "@x.cl"])
def test_what_no_mail_reaches_is_no_address(typed):
    with pytest.raises(BadEmail):
        normal(typed)


@pytest.mark.parametrize("twin", ["ılsa@example.org", "ilsá@example.org", "iłsa@example.org", "ilѕa@example.org",
                                  "ilsa@exаmple.org", "ilsa@ехample.org"])
def test_addresses_that_look_alike_share_a_skeleton(twin):
    assert skeleton(normal(twin)) == skeleton("ilsa@example.org") != twin


def test_plain_addresses_are_their_own_skeleton():
    assert skeleton("ana1@example.org") != skeleton("anal@example.org")
    assert skeleton("o0@example.org") == "o0@example.org"


def test_mail_is_addressed_as_servers_want_it():
    assert deliverable("partes@ñuñoa.cl") == "partes@xn--uoa-6mab.cl"
    assert deliverable("ana@example.org") == "ana@example.org"


@pytest.mark.parametrize("name", ["María José O'Higgins Ñáñez", "João d’Ávila-Müller", "Žofie Łukasz Nguyễn",
                                  "A. Soto 2º"])
def test_a_name_the_fonts_hold_can_be_printed(name):
    assert rules.certificate_name_refusal(name) is None
    faces = [set(TTFont(path.stem, str(path), asciiReadable=False).face.charToGlyph) for path in FONTS.glob("*.ttf")]
    assert faces and all(ord(c) in face for face in faces for c in name)


def test_every_letter_that_is_accepted_is_in_every_font():
    faces = [set(TTFont(path.stem, str(path), asciiReadable=False).face.charToGlyph) for path in FONTS.glob("*.ttf")]
    assert len(faces) == 5
    assert [c for c in sorted(rules._PRINTED) if any(ord(c) not in face for face in faces)] == []


@pytest.mark.parametrize("name", ["Анна Петрова", "<b>Ana</b>", "Ana 😀 Pérez", "山田", "Ana\u202ePérez", "A", "12 34"])
def test_a_name_no_paper_can_print_is_refused(name):
    assert rules.certificate_name_refusal(name)


def test_a_line_of_text_is_tidy_or_names_its_place():
    assert rules.tidied("  Ana\u00a0 María ", "Nombres", "given_names") == "Ana María"
    for bad in ("", "Ana\u202eX", "x" * 300):
        with pytest.raises(Refused) as refused:
            rules.tidied(bad, "Nombres", "given_names", 120)
        assert refused.value.field == "given_names"


def test_posts_begin_and_end_by_the_days_of_the_escuela():
    assert rules.today(datetime(2027, 7, 2, 3, 30, tzinfo=UTC)) == date(2027, 7, 1)


def test_who_holds_more_than_a_students_post_is_staff():
    assert not rules.is_staff(frozenset())
    assert not rules.is_staff(frozenset({Role.STUDENT}))
    assert rules.is_staff(frozenset({Role.STUDENT, Role.INSTRUCTOR}))


def test_a_coordinator_reaches_one_cohort_and_the_office_all():
    coral = Actor(1, "C", "C", "c@x.cl", frozenset({Post(Role.COORDINATOR, 1)}))
    olga = Actor(2, "O", "O", "o@x.cl", frozenset({Post(Role.OFFICE)}))
    assert permits(coral, May.SEE_ROSTER, 1) and not permits(coral, May.SEE_ROSTER, 2)
    assert permits(olga, May.SEE_ROSTER, 2) and not permits(coral, May.SEE_PEOPLE) and permits(olga, May.SEE_PEOPLE)


@pytest.mark.parametrize("password, fine", [
    ("corta", False), ("aaaaaaaaaaaaaaa", False), ("contraseña123", False), ("soy-ana.perez-2027", False),
    ("x" * 201, False), ("cordillera y puerto 27", True), ("        espacios sí", True)])
def test_length_counts_and_the_obvious_is_refused(password, fine):
    assert (rules.password_refusal(password, "ana.perez@example.org") is None) is fine


def test_a_password_fits_only_itself_however_its_accents_were_typed():
    stored = passwords.hashed("café con sol en el puerto")
    assert passwords.fits(stored, "cafe\u0301 con sol en el puerto")
    assert not passwords.fits(stored, "cafe con sol en el puerto")
    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("broken", "x")
    assert not passwords.is_stale(passwords.NOBODYS) and not passwords.is_stale(stored)


@pytest.mark.parametrize("said, words", [
    ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome en Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Safari/604.1",
     "Safari en iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
     "Edge en Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox en Linux"),
    ("<script>alert(1)</script>", "Navegador"), ("", "Navegador")])
def test_a_device_is_named_as_its_owner_would(said, words):
    assert devices.words(said) == words
