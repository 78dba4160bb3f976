"""The signed words of a paper's QR code: what they say, how long they get, and that nothing else is read as them."""

import random
from dataclasses import replace
from datetime import date

import pytest

from lms.certificates.link import KINDS, Unread, mark, proof, read
from tests.rules.test_paper import FINAL, LONG, MODULE, NAMES
from tests.sealing import NOW, ring_in

LONGEST = 271               # letters: 203 bytes


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    return ring_in(tmp_path_factory.mktemp("ring"))


def linked(ring, snapshot=FINAL, **changed):
    said = replace(snapshot, **changed)
    return replace(said, proof=proof(said, ring)).link


def holds(ring, link):
    try:
        words = read(link)
    except Unread:
        return False
    return ring.verify(words.kid, words.message, words.signature, NOW)


@pytest.mark.parametrize("snapshot", [FINAL, MODULE, *(replace(FINAL, holder_name=name) for name in NAMES),
                                      *(replace(FINAL, kind=kind, module="Uno") for kind in KINDS)])
def test_what_is_read_is_what_was_said(ring, snapshot):
    link = linked(ring, snapshot)
    words = read(link)
    assert holds(ring, link) and link.startswith(snapshot.verify_url + "#")
    assert (words.folio, words.code, words.kind, words.holder, words.hours) == (
        snapshot.folio, snapshot.code, snapshot.kind, snapshot.holder_name, snapshot.hours)
    assert (words.issued_on, words.started_on, words.ended_on) == (snapshot.issued_on, snapshot.started_on, snapshot.ended_on)
    assert snapshot.title.startswith(words.title.removesuffix("…"))


def test_nothing_is_too_long(ring):
    chance = random.Random(5)
    letters = "aáñ €𝔘 "
    for _ in range(300):
        name, title = ("".join(chance.choice(letters) for _ in range(chance.randrange(1, 200))).strip() or "a" for _ in "ab")
        link = linked(ring, holder_name=name, programme=title)
        words = read(link)
        assert len(link.partition("#")[2]) <= LONGEST and holds(ring, link)
        assert name.startswith(words.holder.removesuffix("…")) and title.startswith(words.title.removesuffix("…"))


def test_grade_and_document_are_not_in_it(ring):
    said = read(linked(ring)).message.decode("latin1")
    for hidden in ("5,8", "12.531.909", "cinco", "RUN"):
        assert hidden not in said


def test_any_change_is_found(ring):
    link, chance = linked(ring, LONG), random.Random(6)
    assert holds(ring, link)
    for _ in range(1000):
        at = chance.randrange(link.index("/v/") + 3, len(link))
        other = link[:at] + chance.choice("ABCDEFGHJKabcdefghjk0123456789-_") + link[at + 1:]
        assert other == link or not holds(ring, other)
    assert not holds(ring, link + "A") and not holds(ring, link[:-1])


@pytest.mark.parametrize("link", ["", "hola", FINAL.verify_url, FINAL.verify_url + "#", FINAL.verify_url + "#" + "A" * 200,
                                  FINAL.verify_url + "#" + "_" * 200, FINAL.verify_url + "#AQ" + "A" * 10000])
def test_what_is_none_is_refused(link):
    with pytest.raises(Unread):
        read(link)


def test_the_same_twice_is_the_same(ring):
    assert linked(ring) == linked(ring) and linked(ring) != linked(ring, issued_on=date(2027, 12, 11))
    assert mark(FINAL.code) == mark(FINAL.code) != mark(FINAL.code[::-1]) and len(mark(FINAL.code)) == 32
