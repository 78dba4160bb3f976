"""Forged papers, made with our own keys, so that nothing but the forgery itself can give them away.

The names are those of the literature: universal forgery (USF), incremental saving (ISA), signature wrapping (SWA), shadow
content (prepared before the school signs, brought out afterwards), attacks on certified documents, and the list of DSS's
validation folder; each written anew. What every one of them must be told is "not sound"."""

import random
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha1, sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lms.certificates.paper import draw
from lms.seals import envelope, papers, signing, stamping
from lms.seals.envelope import OCTETS, SEQUENCE, SET, SHA256, der
from lms.seals.pdf import extend
from lms.seals.ring import PdfKey, Ring
from tests.rules.test_paper import FINAL
from tests.sealing import DAY, NAME, NOW, paper, ring_in, sealed
from tests.tsa import Authority, served

Forgery = tuple[str, bytes]
HOLE = re.compile(rb"/Contents (<[0-9A-F]+>)\n/ByteRange \[0 (\d+) (\d+) (\d+)\]")
MADE_UP = b"(Diplomado con distincion maxima)"


@dataclass
class Forger:
    """Someone with a genuine paper, all tools, and for some of the forgeries keys of the school's own ring."""
    folder: Path

    def __post_init__(self) -> None:
        self.ring: Ring = ring_in(self.folder)
        self.foreign: Ring = ring_in(self.folder / "foreign")               # another authority with our name
        self.tsa, self.strange_tsa = Authority(), Authority("Otra autoridad de tiempo", number=1)
        self.tsa.now = self.strange_tsa.now = NOW
        self.tsa.anchor(self.ring.anchors)

    @cached_property
    def genuine(self) -> list[bytes]:
        """What must be told to be sound: sealed; with a time stamp; with evidence; with two stamps; without a box."""
        plain = sealed(self.ring)
        with served(self.tsa) as url:
            stamped, lasting = (extend(plain, self.ring, NOW, url, level) for level in ("B-T", "B-LTA"))
            self.tsa.now = NOW + 9 * DAY
            again = extend(lasting, self.ring, NOW + 9 * DAY, url, "B-LTA")
            self.tsa.now = NOW
        return [plain, stamped, lasting, again, self.other]

    @property
    def plain(self) -> bytes:
        return self.genuine[0]

    @cached_property
    def other(self) -> bytes:
        """Another person's paper, genuine too."""
        return sealed(self.ring, content=draw(replace(FINAL, holder_name="Otra Persona Distinta")))

    @property
    def key(self) -> PdfKey:
        return self.ring.pdf_signer(NOW)


# Tools ----------------------------------------------------------------------------------------------------------------

def hole(pdf: bytes) -> tuple[int, int]:
    found = HOLE.search(pdf)
    assert found
    return found.start(1), found.end(1)


def filled(pdf: bytes, content: bytes, pad: bytes = b"0") -> bytes:
    """The paper with other hexadecimal digits in its hole, which keeps its size."""
    start, end = hole(pdf)
    return pdf[:start] + b"<" + content.ljust(end - start - 2, pad)[:end - start - 2] + b">" + pdf[end:]


def closed_anew(pdf: bytes, make: Callable[[bytes], bytes]) -> bytes:
    """The paper with another envelope: `make(what is covered)`."""
    start, end = hole(pdf)
    return filled(pdf, make(pdf[:start] + pdf[end:]).hex().upper().encode())


def last(pattern: bytes, pdf: bytes) -> bytes:
    return re.findall(pattern, pdf, re.S)[-1]


def revision(pdf: bytes, objects: dict[int, bytes], root: int | None = None, table: bool = True) -> bytes:
    """An incremental update that any reader takes."""
    size = max([int(last(rb"/Size (\d+)", pdf)), *(n + 1 for n in objects)])
    out, at = pdf if pdf.endswith(b"\n") else pdf + b"\n", {}
    for number, body in objects.items():
        at[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    if not table:
        return out
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n" + b"".join(b"%d 1\n%010d 00000 n \n" % (n, at[n]) for n in sorted(at))
    return out + b"trailer\n<</Size %d/Root %d 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root or int(last(rb"/Root (\d+) 0 R", pdf)), last(rb"startxref\s+(\d+)", pdf), start)


def body(pdf: bytes, number: int) -> bytes:
    """What an object holds, by its last version."""
    return last(rb"(?:^|\s)%d 0 obj\s(.*?)\sendobj" % number, pdf)


def find(pdf: bytes, what: bytes) -> int:
    """The number of the first object that says this."""
    for match in re.finditer(rb"(\d+) 0 obj\s(.*?)\sendobj", pdf, re.S):
        if what in match[2]:
            return int(match[1])
    raise LookupError(what)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), more, content)


def drawing(words: bytes = MADE_UP) -> bytes:
    return stream(b"BT 100 300 Td /F1 20 Tf %b Tj ET" % words)


def page_of(pdf: bytes) -> int:
    return find(pdf, b"/MediaBox")


def with_annotation(pdf: bytes, annotation: bytes) -> bytes:
    page, number = page_of(pdf), int(last(rb"/Size (\d+)", pdf))
    told = re.sub(rb"/Annots \[", b"/Annots [ %d 0 R " % number, body(pdf, page))
    return revision(pdf, {page: told, number: annotation})


# Universal forgery: a signature that some readers take for valid because they can not check it ---------------------------

def universal(forger: Forger) -> Iterator[Forgery]:
    plain = forger.plain
    start, end = hole(plain)
    told = HOLE.search(plain)[0]
    tail = told[told.index(b"\n/ByteRange"):]
    numbers = tail.removeprefix(b"\n/ByteRange ")
    for what, base in (("as issued", plain), ("changed", plain.replace(b"(Sello)", b"(Otro.)"))):
        for name, digits in (("zeros", b"0"), ("one byte", b"00"), ("empty sequence", b"3000"), ("null", b"0500"),
                             ("endless", b"3080"), ("ff", b"F" * 400), ("letters", b"G" * 40)):
            yield f"usf contents {name}, {what}", filled(base, digits)
        for name, instead in (("no key", b"/Contentz "), ("null", b"/Contents null ")):
            yield f"usf contents {name}, {what}", base.replace(b"/Contents <3", instead + b"<3")
        yield f"usf contents gone, {what}", base[:start - 10] + base[end:]
        yield f"usf contents empty, {what}", base[:start] + b"<>" + base[end:]
        for instead in (b"", b"[]", b"[0 0 0 0]", b"[0 1 2 3]", b"null", b"[-1 2 3 4]", b"[0 %d %d -1]" % (start, end), b"[0 0 0 %d]" % len(plain),
                        b"[0 %d]" % start, b"(0 1 2 3)", b"[0 %d %d 99999999999999999999]" % (start, end), b"[0 %d %d %d]" % (end, start, 9),
                        b"[0.0 %d.0 %d.0 %d.0]" % (start, end, len(plain) - end), b"[%d 0 %d %d]" % (start, end, 5)):
            yield f"usf range {instead.decode()[:12]}, {what}", base.replace(b"/ByteRange " + numbers, b"/ByteRange " + instead)
        yield f"usf range key, {what}", base.replace(b"/ByteRange", b"/ByteRangf")
        yield f"usf subfilter, {what}", base.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")


# Incremental saving: something stands behind what was signed ------------------------------------------------------------

def incremental(forger: Forger) -> Iterator[Forgery]:
    for level, pdf in zip(("B-B", "B-T", "B-LTA"), forger.genuine, strict=False):
        page = page_of(pdf)
        content = int(re.search(rb"/Contents (\d+) 0 R", body(pdf, page))[1])
        info, root, pages = (int(last(rb"/%b (\d+) 0 R" % name, pdf)) for name in (b"Info", b"Root", b"Pages"))
        size = int(last(rb"/Size (\d+)", pdf))
        sig = find(pdf, b"/ETSI.CAdES")
        yield f"isa page content, {level}", revision(pdf, {content: drawing()})
        yield f"isa content without table, {level}", revision(pdf, {content: drawing()}, table=False)
        yield f"isa title, {level}", revision(pdf, {info: b"<</Title %b>>" % MADE_UP})
        yield f"isa page added, {level}", revision(pdf, {
            size: body(pdf, page), pages: b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (size, page)})
        yield f"isa page removed, {level}", revision(pdf, {pages: b"<</Type/Pages/Count 0/Kids[]>>"})
        yield f"isa root, {level}", revision(pdf, {size: b"<</Type/Catalog/Pages %d 0 R>>" % (size + 1), size + 1: body(pdf, pages)},
                                             root=size)
        yield f"isa root changed, {level}", revision(pdf, {root: body(pdf, root).replace(b"/Lang", b"/Lang2")})
        yield f"isa signature copied, {level}", revision(pdf, {content: drawing(), sig: body(pdf, sig)})
        yield f"isa signature emptied, {level}", revision(pdf, {sig: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>"})
        yield f"isa form emptied, {level}", revision(pdf, {find(pdf, b"/SigFlags"): b"<</Fields[]/SigFlags 3>>"})
        for name, more in (("space", b" "), ("line", b"\n"), ("zero", b"\0"), ("comment", b"% more\n"), ("end", b"%%EOF\n"),
                           ("itself", pdf), ("start", b"startxref\n0\n%%EOF\n"), ("object", b"9 0 obj\nnull\nendobj\n"),
                           ("html", b"<script>alert(1)</script>"), ("zip", b"PK\x03\x04" + bytes(40))):
            yield f"appended {name}, {level}", pdf + more
        yield f"appended nothing new, {level}", revision(pdf, {})
        yield f"appended same page, {level}", revision(pdf, {page: body(pdf, page)})
        yield f"appended text note, {level}", with_annotation(pdf, b"<</Type/Annot/Subtype/Text/Rect[100 100 120 120]/Contents(Nota 7,0)>>")
        yield f"appended free text, {level}", with_annotation(
            pdf, b"<</Type/Annot/Subtype/FreeText/Rect[90 280 500 330]/Contents%b/DA(/Helv 20 Tf)>>" % MADE_UP)
        yield f"appended stamp, {level}", with_annotation(pdf, b"<</Type/Annot/Subtype/Stamp/Rect[90 280 500 330]/Name/Approved>>")
        yield f"appended link, {level}", with_annotation(pdf, b"<</Type/Annot/Subtype/Link/Rect[0 0 800 500]/A<</S/URI/URI(http://mal)>>>>")
        yield f"appended field, {level}", with_annotation(
            pdf, b"<</Type/Annot/Subtype/Widget/FT/Tx/T(nota)/V(7,0)/Rect[90 280 500 330]/DA(/Helv 20 Tf)>>")
        font = find(pdf, b"/FontFile2")
        yield f"appended font, {level}", revision(pdf, {font: body(pdf, font).replace(b"/FontFile2", b"/FontFileX")})
        yield f"appended script, {level}", revision(pdf, {root: body(pdf, root)[:-2] + b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"})


# Signature wrapping: what was signed is moved, and something else stands in its place -------------------------------------

def wrapping(forger: Forger) -> Iterator[Forgery]:
    pdf = forger.plain
    start, end = hole(pdf)
    told = b"[0 %d %d %d]" % (start, end, len(pdf) - end)
    evil = b"\n90 0 obj\n%b\nendobj\n" % drawing()
    for room in (len(evil), 500, 4096):
        stuff = evil.ljust(room)
        wider = b"[0 %d %d %d]" % (start, end + room, len(pdf) - end)
        yield f"swa after the hole {room}", pdf[:end] + stuff + pdf[end:].replace(told, wider)
        yield f"swa after the hole, range behind {room}", pdf[:end] + stuff + pdf[end:] + b"\n/ByteRange " + wider
        yield f"swa before the hole {room}", pdf[:start] + stuff + pdf[start:]
        yield f"swa before all {room}", pdf[:9] + stuff + pdf[9:]
        yield f"swa second hole {room}", pdf[:start] + pdf[start:end] + b"/Contents " + pdf[start:end] + pdf[end:]
    digits = pdf[start:end]
    used = len(digits.rstrip(b"0>")) + 2
    for name, inside in (("text", b"> /Evil (x) <"), ("object", b">" + evil[:200] + b"<"), ("comment", b"%x"), ("space", b"   "),
                         ("lines", b"\n\n"), ("other digits", b"DEADBEEF"), ("lower", b"abcdef")):
        yield f"swa in the padding {name}", pdf[:start] + (digits[:used] + inside).ljust(end - start - 1, b"0") + b">" + pdf[end:]
    yield "swa hole longer", pdf[:end - 1] + b"00" + pdf[end - 1:]
    yield "swa hole shorter", pdf[:end - 3] + pdf[end - 1:]
    yield "swa lower case", pdf[:start] + digits.lower() + pdf[end:]
    yield "swa one digit lower", pdf[:start] + digits.replace(b"A", b"a", 1) + pdf[end:]
    yield "swa range twice", pdf.replace(b"/ByteRange " + told, b"/ByteRange " + told + b"/ByteRange " + told)
    yield "swa range padded", pdf.replace(told + b" ", b"[ " + told[1:])
    yield "swa range with zeros", pdf.replace(told + b" ", b"[00" + told[2:])
    for other in (b"[0 %d %d %d]" % (start, end, len(pdf) - end - 1), b"[0 %d %d %d]" % (start - 1, end, len(pdf) - end),
                  b"[0 %d %d %d]" % (start, end + 1, len(pdf) - end - 1), b"[1 %d %d %d]" % (start, end, len(pdf) - end)):
        yield f"swa range {other.decode()}", pdf.replace(told, other)
    page_ends = pdf.index(b"endobj", 2000)
    yield "swa range into the page", pdf.replace(told, b"[0 %d %d %d]" % (page_ends, end, len(pdf) - end))
    for junk in (b"(/ByteRange " + told + b")", b"% /ByteRange [0 10 20 30]"):
        yield f"swa junk range {junk[:3].decode()}", pdf + b"\n" + junk


# Shadow content: the school signs a paper that someone prepared -----------------------------------------------------------

def shadow(forger: Forger) -> Iterator[Forgery]:
    base = paper()
    page, size = page_of(base), int(last(rb"/Size (\d+)", base))
    content = int(re.search(rb"/Contents (\d+) 0 R", body(base, page))[1])
    root = int(last(rb"/Root (\d+) 0 R", base))

    def signed(objects: dict[int, bytes], after: Callable[[bytes], bytes]) -> bytes:
        return after(sealed(forger.ring, content=revision(base, objects)))
    cover = {size: stream(b"1 1 1 rg 0 0 800 500 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 800 500]")}
    hidden = {size: drawing(), size + 1: body(base, page).replace(b"%d 0 R" % content, b"%d 0 R" % size, 1),
              size + 2: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (size + 1), size + 3: b"<</Type/Catalog/Pages %d 0 R>>" % (size + 2)}
    yield "shadow hide: the cover is emptied", signed(cover, lambda p: revision(p, {size: stream(b"", b"/Type/XObject/Subtype/Form")}))
    yield "shadow hide: the cover is gone", signed(cover, lambda p: revision(p, {size: b"null"}))
    yield "shadow hide: the cover by free entry", signed(cover, lambda p: p + b"xref\n%d 1\n0000000000 00001 f \ntrailer\n<</Size %d/Root %d 0 R/Prev %b>>\n"
                                                         b"startxref\n%d\n%%%%EOF\n" % (size, size + 9, root, last(rb"startxref\s+(\d+)", p), len(p)))
    yield "shadow replace: the font", signed({}, lambda p: revision(p, {find(p, b"/FontFile2"): b"<</Type/FontDescriptor/FontName/Evil>>"}))
    yield "shadow replace: the widths", signed({}, lambda p: revision(p, {find(p, b"/Widths"): b"[0 0 0]"}))
    yield "shadow replace: the field's face", signed({}, lambda p: with_face(p))
    yield "shadow hide and replace: the root", signed(hidden, lambda p: revision(p, {}, root=size + 3))
    yield "shadow hide and replace: the kids", signed(hidden, lambda p: revision(p, {int(last(rb"/Pages (\d+) 0 R", p)): hidden[size + 2]}))
    yield "shadow hide and replace: a trailer only", signed(hidden, lambda p: p + b"trailer\n<</Size %d/Root %d 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 9, size + 3, last(rb"startxref\s+(\d+)", p), len(p)))
    yield "shadow hide and replace: the content", signed(hidden, lambda p: revision(p, {content: hidden[size]}))


def with_face(pdf: bytes) -> bytes:
    """The field of the seal gets an appearance that covers the page."""
    field, size = find(pdf, b"/FT /Sig"), int(last(rb"/Size (\d+)", pdf))
    told = re.sub(rb"/Rect \[.*?\]", b"/Rect [0 0 800 500]/AP<</N %d 0 R>>" % size, body(pdf, field), flags=re.S)
    return revision(pdf, {field: told, size: stream(b"1 1 1 rg 0 0 800 500 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 800 500]")})


def certification(forger: Forger) -> Iterator[Forgery]:
    """What a certified document lets be added: fields and signatures, with a face over the text; and its permission changed."""
    pdf = forger.plain
    yield "certification: evil annotation", with_annotation(pdf, b"<</Type/Annot/Subtype/FreeText/Rect[0 0 800 500]/Contents%b>>" % MADE_UP)
    yield "certification: redaction", with_annotation(pdf, b"<</Type/Annot/Subtype/Redact/Rect[0 0 800 500]/OverlayText%b>>" % MADE_UP)
    yield "certification: sneaky signature", signed_by(forger.foreign, pdf, "Firma2", visible=True)
    yield "certification: sneaky empty signature", with_annotation(pdf, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(F2)/Rect[0 0 800 500]>>")
    yield "certification: permission 3", pdf.replace(b"/P 2", b"/P 3")
    yield "certification: permission gone", pdf.replace(b"/DocMDP", b"/DocMDX")
    yield "certification: permission in a revision", revision(pdf, {find(pdf, b"/ETSI.CAdES"): body(pdf, find(pdf, b"/ETSI.CAdES")).replace(b"/P 2", b"/P 3")})


def signed_by(ring: Ring, pdf: bytes, field: str, visible: bool = False, now: datetime = NOW) -> bytes:
    """Another signature behind, or below, ours."""
    key = ring.pdf_signer(now)
    spec = signing.SigFieldSpec(field, box=(90, 280, 500, 330) if visible else None)
    told = signing.SigObjSetup(signing.SignatureObject(timestamp=now, subfilter=signing.SigSeedSubFilter.PADES, bytes_reserved=signing.ROOM))
    return signing.embed(signing.opened(pdf, b"x" * 16), spec, told,
                         lambda digest: envelope.envelope(digest, key.certificate, key.chain, key.sign))


def raw_signed(pdf: bytes, ring: Ring, frozen: bytes) -> bytes:
    """A signature that holds, with its field, behind whatever stands there: made without any reader's help."""
    key, form, room = ring.pdf_signer(NOW), find(frozen, b"/SigFlags"), signing.ROOM
    told = body(frozen, form).replace(b"/Fields [", b"/Fields [ 961 0 R ")
    head = pdf + b"\n960 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents "
    behind = len(head) + room + 2

    def rest(length: int) -> bytes:
        out = b"\n/ByteRange [0 %d %d %010d]>>\nendobj\n" % (len(head), behind, length)
        at = {960: len(pdf) + 1}
        for number, what in ((961, b"<</FT/Sig/T(Firma)/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]/V 960 0 R>>"), (form, told)):
            at[number] = behind + len(out)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, what)
        start = behind + len(out)
        out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, at[number]) for number in sorted(at))
        return out + b"trailer\n<</Size 2000/Root %b 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
            last(rb"/Root (\d+) 0 R", pdf), last(rb"startxref\s+(\d+)", pdf), start)
    tail = rest(len(rest(0)))
    made = envelope.envelope(sha256(head + tail).digest(), key.certificate, key.chain, key.sign).hex().upper().encode()
    return head + b"<" + made.ljust(room, b"0") + b">" + tail


# The envelope ---------------------------------------------------------------------------------------------------------

def envelopes(forger: Forger) -> Iterator[Forgery]:
    pdf, key = forger.plain, forger.key
    its, other = key.certificate, forger.foreign.pdf_signer(NOW)
    start, end = hole(pdf)
    genuine = bytes.fromhex(pdf[start + 1:end - 1].decode())
    genuine = genuine[:envelope.length(genuine)]

    def by(sign, certificate=its, chain=key.chain, digest=lambda covered: sha256(covered).digest()):
        return closed_anew(pdf, lambda covered: envelope.envelope(digest(covered), certificate, chain, sign))
    yield "foreign authority with our name", by(other.sign, other.certificate, other.chain)
    yield "foreign authority, our chain", by(other.sign, other.certificate, key.chain)
    yield "our certificate, foreign key", by(other.sign)
    yield "the digest of another paper", by(key.sign, digest=lambda _: sha256(b"other").digest())
    yield "the envelope of another paper", filled(pdf, re.search(HOLE, forger.other)[1].strip(b"<>"))
    yield "without our authority's certificate", by(key.sign, chain=())
    yield "with one certificate more", by(key.sign, chain=(*key.chain, other.certificate))
    for name, made in unlisted(forger):
        yield name, by(made.sign, made.certificate, made.chain)

    def parts(covered: bytes) -> tuple[bytes, bytes]:
        attrs = envelope.attributes(sha256(covered).digest(), its)
        return attrs, envelope.low(key.sign(attrs))

    def whole(covered: bytes, *, signer_version=1, version=1, digests=SHA256, content=b"", unsigned=b"", twice=False, direct=False,
              scheme=envelope.ECDSA_SHA256) -> bytes:
        attrs, signature = parts(covered)
        if direct:
            signature = key.sign(covered)
        issuer = der(SEQUENCE, its.issuer.public_bytes(), envelope._whole(its.serial_number))
        signer = der(SEQUENCE, envelope._whole(signer_version), issuer, SHA256, b"" if direct else b"\xa0" + attrs[1:], scheme,
                     der(OCTETS, signature), unsigned)
        certificates = sorted(one.public_bytes(envelope.Encoding.DER) for one in (its, *key.chain))
        signed = der(SEQUENCE, envelope._whole(version), der(SET, digests), der(SEQUENCE, envelope.DATA, content), der(0xA0, *certificates),
                     der(SET, signer, *([signer] if twice else [])))
        return der(SEQUENCE, envelope._oid(envelope.PKCS7 + "02"), der(0xA0, signed))
    assert closed_anew(pdf, whole) == pdf
    attribute = der(0xA1, der(SEQUENCE, envelope._oid(envelope.PKCS9 + "05"), der(SET, b"\x17\x0d271120150000Z")))
    for name, more in (("two signers", {"twice": True}), ("no signed attributes", {"direct": True}), ("version 3", {"version": 3}),
                       ("signer version 3", {"signer_version": 3}), ("content inside", {"content": der(0xA0, der(OCTETS, b"x"))}),
                       ("unsigned attribute", {"unsigned": attribute}), ("no digest named", {"digests": b""}),
                       ("two digests named", {"digests": SHA256 + SHA256}), ("rsa named", {"scheme": envelope.RSA_SHA256})):
        yield f"envelope with {name}", closed_anew(pdf, lambda covered, more=more: whole(covered, **more))
    yield "sha-1 by our own key", closed_anew(pdf, lambda covered: by_sha1(covered, key))
    yield "envelope padded inside", filled(pdf, (b"\x30\x84" + (len(genuine) - 4).to_bytes(4, "big") + genuine[4:]).hex().upper().encode())
    yield "envelope endless", filled(pdf, (b"\x30\x80" + genuine[4:] + b"\0\0").hex().upper().encode())
    yield "something behind the envelope", filled(pdf, (genuine + b"\x05\x00").hex().upper().encode())
    yield "envelope cut", filled(pdf, genuine[:-1].hex().upper().encode())
    yield "envelope twice", filled(pdf, (genuine * 2).hex().upper().encode())
    yield "signature zero", filled(pdf, genuine.replace(genuine[-64:], bytes(64)).hex().upper().encode())
    yield "signature of nothing", closed_anew(pdf, lambda c: envelope._closed(parts(c)[0], b"\x30\x06\x02\x01\x00\x02\x01\x00", its, key.chain))
    yield "signature empty", closed_anew(pdf, lambda c: envelope._closed(parts(c)[0], b"", its, key.chain))


def by_sha1(covered: bytes, key: PdfKey) -> bytes:
    """Our own key signs, but over a hash that can be forged."""
    weak = der(SEQUENCE, envelope._oid("2b0e03021a"))
    attrs = der(SET, *sorted((envelope.CONTENT_TYPE, der(SEQUENCE, envelope._oid(envelope.PKCS9 + "04"), der(SET, der(OCTETS, sha1(covered).digest()))))))      # noqa: S324  (what is tried)
    signer = der(SEQUENCE, envelope._whole(1), der(SEQUENCE, key.certificate.issuer.public_bytes(), envelope._whole(key.certificate.serial_number)), weak,
                 b"\xa0" + attrs[1:], der(SEQUENCE, envelope._oid("2a8648ce3d0401")), der(OCTETS, key.sign(attrs)))
    signed = der(SEQUENCE, envelope._whole(1), der(SET, weak), der(SEQUENCE, envelope.DATA),
                 der(0xA0, *(one.public_bytes(envelope.Encoding.DER) for one in (key.certificate, *key.chain))), der(SET, signer))
    return der(SEQUENCE, envelope._oid(envelope.PKCS7 + "02"), der(0xA0, signed))


def unlisted(forger: Forger) -> Iterator[tuple[str, PdfKey]]:
    """Keys that our own authority certified, as who stole it could: none of them is on our list."""
    above = forger.ring._private("authority-000001")
    authority = forger.key.chain[0]
    institution = papers.Institution(NAME)
    for name, number, since in (("stolen authority", 1, NOW), ("stolen authority, expired", 1, NOW - 20 * 365 * DAY),
                                ("stolen authority, to come", 1, NOW + 900 * DAY)):
        mine = ec.generate_private_key(ec.SECP256R1())
        made = papers.signing(institution, mine.public_key(), number, since, authority, above)
        yield name, PdfKey("x", made, (authority,), lambda m, mine=mine: mine.sign(m, ec.ECDSA(hashes.SHA256())))
    mine = ec.generate_private_key(ec.SECP256R1())
    for name, serial in (("self-signed with our names", x509.random_serial_number()),
                         ("self-signed with our serial number", forger.key.certificate.serial_number)):
        made = (x509.CertificateBuilder().subject_name(forger.key.certificate.subject).issuer_name(forger.key.certificate.issuer)
                .public_key(mine.public_key()).serial_number(serial).not_valid_before(NOW - DAY).not_valid_after(NOW + 999 * DAY)
                .sign(mine, hashes.SHA256()))
        yield name, PdfKey("x", made, (authority,), lambda m: mine.sign(m, ec.ECDSA(hashes.SHA256())))


# Time, and signatures beside ours ----------------------------------------------------------------------------------------

def times(forger: Forger) -> Iterator[Forgery]:
    plain, stamped, lasting, again, other = forger.genuine
    yield "stamp of a stranger", stamping.add(plain, stamping.Evidence(), lambda d: stamping_order(forger.strange_tsa.token(d)))
    yield "stamp of another paper", stamping.add(plain, stamping.Evidence(), lambda _: stamping_order(forger.tsa.token(sha256(other).digest())))
    yield "stamp not in order", stamping.add(plain, stamping.Evidence(), lambda d: not_in_order(forger.tsa.token(d)))
    yield "stamp empty", stamping.add(plain, stamping.Evidence(), lambda _: b"")
    yield "stamp nonsense", stamping.add(plain, stamping.Evidence(), lambda _: b"0\x03\x02\x01\x00")
    tail = stamped[len(plain):]
    yield "stamp copied to another paper", other + tail
    yield "stamp revision twice", stamped + tail
    yield "evidence of another kind", lasting.replace(b"/CRLs", b"/Certx")
    yield "evidence that is a page", stamping.add(plain, stamping.Evidence((b"BT (x) Tj ET",)), lambda d: b"")
    for name, pdf in (("B-T", stamped), ("B-LTA", lasting), ("renewed", again)):
        yield f"annotation below the stamp, {name}", restamped(forger, plain, b"<</Type/Annot/Subtype/Text/Rect[9 9 99 99]/Contents(x)>>")
        for cut in (1, 7, 200, 700):
            yield f"stamp cut by {cut}, {name}", pdf[:-cut]
        middle = (len(plain) + len(pdf)) // 2
        yield f"stamp cut in the middle, {name}", pdf[:middle]
        yield f"space in the stamp, {name}", pdf[:middle] + b" " + pdf[middle:]
        yield f"field of the stamp shown, {name}", pdf.replace(b"/Rect [ -9999 -9999 -9999 -9999 ]", b"/Rect [ 0 0 800 500 ]             ")
        yield f"stamp renamed, {name}", pdf.replace(b"(Sello\\055de\\055tiempo\\0551)", b"(Sello\\055de\\055tiempo\\0557)")


def stamping_order(token: bytes) -> bytes:
    from lms.seals.clockwork import ordered  # noqa: PLC0415
    return ordered(token)


def not_in_order(token: bytes) -> bytes:
    """A true token with an attribute that nobody signed."""
    from asn1crypto import cms  # noqa: PLC0415
    told = cms.ContentInfo.load(stamping_order(token))
    told["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute({"type": "1.2.3.4", "values": []})])
    return told.dump(force=True)


def restamped(forger: Forger, pdf: bytes, annotation: bytes) -> bytes:
    """Something added behind our seal, and a genuine time stamp of our own authority over it: anyone may ask for one."""
    return stamping.add(with_annotation(pdf, annotation), stamping.Evidence(), lambda d: stamping_order(forger.tsa.token(d)))


def beside(forger: Forger) -> Iterator[Forgery]:
    plain = forger.plain
    base = len(paper())
    yield "two signatures: theirs over ours", signed_by(forger.foreign, plain, "Otra")
    yield "two signatures: ours over theirs", sealed_over(forger, signed_by(forger.foreign, paper(), "Otra"))
    yield "two signatures: ours twice", signed_by(forger.ring, plain, "Sello2")
    yield "only theirs", signed_by(forger.foreign, paper(), "Sello")
    yield "stripped: the paper without its seal", paper()
    yield "stripped: drawn anew with another name", draw(replace(FINAL, holder_name="Otra Persona Distinta"))
    yield "stripped: the seal's revision on another paper", draw(replace(FINAL, holder_name="Otra Persona Distinta")) + plain[base:]
    yield "old revision: cut to the paper", plain[:base]
    for cut in (1, 2, 6, 50, 500, 5000):
        yield f"old revision: cut by {cut}", plain[:-cut]
    yield "changed title", re.sub(rb"Certificado de aprobaci", b"Certificado de posgradoo", plain, count=1)
    yield "changed in the XMP", plain.replace("Núñez".encode(), "Muñoz".encode(), 1)
    yield "changed page", swapped_stream(plain)
    yield "signed in the future", sealed(forger.ring, NOW + 3 * DAY)
    yield "not a PDF", b"x" + plain
    yield "PDF within", b"%PDF-1.7\n" + plain
    yield "too large", plain + bytes(6 << 20)
    yield "empty", b""
    yield "many ranges", b"%PDF-1.7\n" + b"/ByteRange [0 10 20 30]\n" * 20_000
    yield "many brackets", b"%PDF-1.7\n" + b"/ByteRange [" * 100_000
    yield "long blanks", b"%PDF-1.7\n/ByteRange [" + b" " * 1_000_000 + b"0 1 2 3]"


def sealed_over(forger: Forger, pdf: bytes) -> bytes:
    return signed_by(forger.ring, pdf, "Sello")


def swapped_stream(pdf: bytes) -> bytes:
    """The page's own drawing changed in place, at the same length."""
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            drawn = zlib.decompressobj().decompress(match[1])
        except zlib.error:
            continue
        if b"Tj" in drawn or b"TJ" in drawn:
            packed = zlib.compress(drawn.replace(b"(", b"[", 1), 9)
            return pdf[:match.start(1)] + packed[:len(match[1])].ljust(len(match[1]), b"\0") + pdf[match.end(1):]
    raise LookupError


NAMED = (universal, incremental, wrapping, shadow, certification, envelopes, times, beside)


def named(forger: Forger) -> Iterator[Forgery]:
    for family in NAMED:
        yield from family(forger)


# At random -------------------------------------------------------------------------------------------------------------

def flipped(pdf: bytes, chance: random.Random) -> bytes:
    """One byte is another."""
    at = chance.randrange(len(pdf))
    return pdf[:at] + bytes([pdf[at] ^ chance.choice([1, 2, 4, 8, 16, 32, 64, 128, chance.randrange(1, 256)])]) + pdf[at + 1:]


def mixed(forger: Forger, chance: random.Random) -> Forgery:
    """Pieces of genuine papers cut, doubled, moved and mixed; objects replaced behind them."""
    pdf, other = chance.choice(forger.genuine), chance.choice(forger.genuine)
    a, b = sorted(chance.randrange(len(pdf)) for _ in "ab")
    c, d = sorted(chance.randrange(len(other)) for _ in "cd")
    kind = chance.choice(["cut", "doubled", "moved", "mixed", "headed", "tailed", "object", "objects", "blanked", "word"])
    made = {
        "cut": lambda: pdf[:a] + pdf[b:], "doubled": lambda: pdf[:b] + pdf[a:], "moved": lambda: pdf[:a] + pdf[b:] + pdf[a:b],
        "mixed": lambda: pdf[:a] + other[c:d] + pdf[b:], "headed": lambda: other[:c] + pdf[a:], "tailed": lambda: pdf + other[c:d],
        "object": lambda: revision(pdf, {chance.randrange(1, 60): drawing()}),
        "objects": lambda: revision(pdf, {chance.randrange(1, 60): chance.choice([b"null", b"<<>>", b"[]", drawing()]) for _ in range(4)}),
        "blanked": lambda: pdf[:a] + b" " * (b - a) + pdf[b:],
        "word": lambda: pdf.replace(word := chance.choice([b"/ByteRange", b"/Contents", b"/Sig", b"obj", b"/Type", b"/Annots", b"%%EOF", b"xref"]),
                                    word.swapcase(), chance.randrange(1, 3))}[kind]()
    return kind, made
