"""Holes 7 and 8: what a paper prints is text, drawing it opens no file of others, and nothing here asks another machine."""

import os
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from lms.catalogue import figures, rendering
from lms.catalogue.formats import gift
from lms.certificates import press
from lms.people.models import Person
from lms.people.rules import Refused
from tests.certified import snapshot
from tests.plain import urls

CANARY = "canary-of-a-local-file-5c21"
NAMES = (           # 60 names, programmes or institutions that a renderer might obey
    "<b>Ana</b> Pérez", "<b>Ana Pérez", "Ana</para> Pérez", "<para>Ana</para>", "<para/><para>", "<br/>Ana Pérez", "Ana &amp; Beto", "Ana &lt;b&gt; Pérez", "Ana & Beto Pérez", "Ana &# Pérez",
    "&#x41;na Pérez", "<img src=\"{file}\"/>", "<img src='{file}' width='1' height='1'/>Ana", "<img src=\"file://{file}\"/>", "<img src=\"http://127.0.0.1:9/x.png\"/>", "<img src=\"//127.0.0.1:9/x\"/>",
    "<img src=\"data:image/png;base64,AAAA\"/>", "<a href=\"javascript:pwn()\">Ana</a>", "<a href=\"http://127.0.0.1:9/\">Ana</a>", "<link href=\"http://127.0.0.1:9/\">Ana</link>",
    "<font name=\"{file}\">Ana</font>", "<font color=\"[[[getattr(pow, Word('__globals__'))['os'].system('touch /tmp/pwned') for Word in [orgTypeFun('Word', (str,), {{}})]] for orgTypeFun in [type(type(1))]] and 'red'\">Ana</font>",
    "<para><font color=\"red\">Ana</font></para>", "<onDraw name=\"pwn\"/>", "<seq/>Ana", "<index item=\"x\"/>Ana", "<super>Ana</super>", "<!-- Ana --> Pérez", "<![CDATA[Ana]]>", "<?xml version='1.0'?>Ana",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"{file}\">]>&e;", "&e; Pérez", "%(name)s Pérez", "{{0.__class__}} Pérez", "${{x}} Pérez", "{{{{ 7*7 }}}} Pérez", "Ana\\nPérez", "\\input{{/etc/passwd}}", "\\write18{{id}}", "(Ana) Tj",
    ") Tj ET q (", "Ana) /JS (pwn())", "endstream endobj", "%%EOF Ana", "<< /Type /Catalog >>", "1 0 obj", "/OpenAction Ana", "Ana\u202eáreP", "Ana\u200bPérez", "Ana\u00adPérez", "نور الدين", "Ана Перес", "安娜", "👩‍🎓 Ana",
    "A\u0301na Pe\u0301rez", "Ñandú Ñuñez", "O’Higgins D'Ángelo", "Ana\x00Pérez", "Ana\x1bPérez", "a" * 4000, "Á" * 64, "=1+1 Ana", "../../../etc/passwd", "{file}", "file://{file}", "http://127.0.0.1:9/x.png")

heard: list[tuple[str, str]] | None = None


def listen(event: str, args: tuple) -> None:
    """Python can not stop listening once it began: this does nothing unless someone wants to know."""
    if heard is not None and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "shutil.copyfile",
                                       "urllib.Request", "ctypes.dlopen", "exec", "os.symlink", "os.remove"):
        heard.append((event, str(args[1] if event == "socket.connect" else args[0]) if args else ""))


@contextmanager
def what_is_opened():
    global heard
    if not hasattr(sys, "lms_listens"):
        sys.addaudithook(listen)
        sys.lms_listens = True
    heard = found = []
    try:
        yield found
    finally:
        heard = None


OURS = (Path(__file__).parents[2], Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("stdlib")), Path("/usr/share/zoneinfo"))


def foreign(found, *more: Path) -> list:
    """What was opened that is not of this installation, its packages or Python."""
    def is_ours(event: str, what: str) -> bool:
        if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request", "os.exec", "os.posix_spawn"):
            return False
        if event == "exec" or what.isdigit():         # a descriptor that was opened before
            return True
        return any(Path(os.path.abspath(what)).is_relative_to(place) for place in (*OURS, *more))
    return [(event, what) for event, what in found if not is_ours(event, what)]


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + CANARY.encode())
    return path


def words(pdf: bytes) -> bytes:
    """All that stands in a paper, unpacked."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        unpacked = BytesIO()
        opened.save(unpacked, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert len(opened.pages) in (1, 2) and "/OpenAction" not in opened.Root and "/AcroForm" not in opened.Root
        assert not [a for page in opened.pages for a in page.get("/Annots", []) if a.get("/A", {}).get("/S") not in (None, "/URI")]
    return unpacked.getvalue()


def test_drawing_a_paper_reads_nothing_of_others_and_asks_nobody(secret):
    """60 texts as the name of a holder, of a programme, of an institution and of who signs: printed as they stand, or refused in words."""
    assert len(NAMES) >= 60
    press.draw(snapshot())                      # its fonts and modules are loaded once
    printed = 0
    for text in NAMES:
        text = text.replace("{file}", str(secret)).replace("{{", "{").replace("}}", "}")
        for said in ({"holder_name": text}, {"programme": f"Diplomado {text}"}, {"institutions": (text,), "signatories": ((text, text, text),), "issued_place": text, "notice": text[:60]}):
            with what_is_opened() as found:
                try:
                    press.check(snapshot(**said))
                    paper = press.draw(snapshot(**said))
                except Refused as why:
                    paper = b""
                    assert why.message and "Traceback" not in why.message
            assert not foreign(found), (text, foreign(found))
            if paper:
                printed += 1
                assert CANARY.encode() not in words(paper) and b"/JavaScript" not in words(paper) and b"/Launch" not in words(paper)
    assert printed > 60 and not Path("/tmp/pwned").exists()


def test_issuing_through_the_pages_opens_only_what_is_ours(plain, offered):
    """The whole way, from the click to the kept file."""
    with plain.app.extensions["database"].transaction() as session:
        session.get_one(Person, plain.world.people["ciro"]).certificate_name = "O’Higgins D'Ángelo"
    press.draw(snapshot())
    with what_is_opened() as found:
        assert offered["certificates.issue"].send(plain).status_code == 303
    assert not foreign(found, plain.folder, plain.app.config["TEMPLATE_CACHE"])


# 8: nothing here asks another machine ----------------------------------------------------------------------------------

ADDRESSES = tuple(f"{scheme}://{host}/x" for scheme in ("http", "https", "ftp", "gopher", "file") for host in (
    "127.0.0.1:9", "127.1:9", "0:9", "[::1]:9", "[::ffff:127.0.0.1]:9", "2130706433:9", "0x7f000001:9", "0177.0.0.1:9", "169.254.169.254", "localhost:9", "localtest.me:9",
    "evil.example@127.0.0.1:9", "127.0.0.1.nip.io", "10.0.0.1", "[fd00::1]", "metadata.google.internal"))


def test_no_form_and_no_page_makes_the_house_ask_another_machine(plain, offered):
    """There is no webhook, no picture by address, no sign-in elsewhere: 80 addresses in every field ask nobody."""
    assert len(ADDRESSES) >= 80
    found_all = []
    with what_is_opened() as found:
        for n, form in enumerate(offered.values()):
            plain.restore(plain.copied)
            address = ADDRESSES[n % len(ADDRESSES)]
            form.send(plain, **{name: address for name, value in form.fields if name not in ("kind", "country", "role", "language")})
            form.send(plain, url=address, avatar=address, webhook=address, jku=address, callback=address, image=address, feedback=f"![x]({address}) <{address}>", texto=address)
        for _endpoint, method, url in urls(plain.app):
            if method == "GET":
                plain.client("olga").get(url, query_string=dict.fromkeys(("url", "q", "next", "jwks_uri", "iss", "src"), ADDRESSES[len(url) % 80]))
        found_all += found
    asked = [(event, what) for event, what in found_all if event.startswith(("socket", "urllib", "os.system"))]
    assert not asked


def test_what_an_author_writes_makes_nobody_ask_either(plain):
    """Lessons, questions and figures that name an address: read without following it."""
    with what_is_opened() as found:
        for address in ADDRESSES:
            rendering.render(f"# T\n\n![x]({address})\n\n[video: V]({address})\n\n<img src={address}>\n\n[x]: {address}\n", "a.md", {})
            gift.read(f"::x::[html]<img src=\"{address}\"> {{=a ~b}}", "q")
            figures.read(f'<svg viewBox="0 0 9 9"><image href="{address}"/></svg>'.encode(), "a.svg", 1, "x")
    assert not [(event, what) for event, what in found if event.startswith(("socket", "urllib"))]


def test_the_ear_hears():
    """A test of the test: an opened file and a socket are noticed."""
    with what_is_opened() as found, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x").write_text(str(date(2027, 1, 1)))
        (Path(folder) / "x").read_text()
    assert foreign(found)
