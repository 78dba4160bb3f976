"""What a file is, told by its content and not by its name: the root of an XML file, the names in a zip, plain text."""

import io
import re
import zipfile

HEAD = 65_536                           # bytes looked at to find the root of an XML file
ROOT = re.compile(rb"<([A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})([^<>]{0,6000})")
SPACE = re.compile(r"""\bxmlns(?::([\w.-]{1,60}))?\s{0,9}=\s{0,9}["']([^"'<>]{0,300})["']""")
WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def is_zip(content: bytes) -> bool:
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def zip_names(content: bytes) -> tuple[str, ...]:
    """The names in a zip, nothing unpacked; () when it is none or is broken."""
    if not is_zip(content):
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return tuple(archive.namelist()[:20_000])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ()


def root(content: bytes) -> tuple[str, str]:
    """(namespace, name) of the root element as far as the first bytes show it, without parsing; ("", "") for no XML."""
    head = content[:HEAD]
    for mark, name in WIDE:
        if head.startswith(mark):
            head = head[:len(head) & ~1].decode(name, "ignore").encode()
            break
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while head[:2] in (b"<?", b"<!"):
        end = b"?>" if head[:2] == b"<?" else b"-->" if head[:4] == b"<!--" else _doctype_end(head)
        _, found, head = head.partition(end)
        head = head.lstrip() if found else b""
    if not (first := ROOT.match(head)):
        return "", ""
    prefix = (first[1] or b"").decode("utf-8", "replace").removesuffix(":")
    spaces = {found[1] or "": found[2] for found in SPACE.finditer(first[3].decode("utf-8", "replace"))}
    return spaces.get(prefix, ""), first[2].decode("utf-8", "replace")


def _doctype_end(head: bytes) -> bytes:
    """A doctype with declarations inside ends at ]>: it is only passed over here, and refused where XML is parsed."""
    bracket, close = head.find(b"["), head.find(b">")
    return b"]>" if 0 <= bracket < close else b">"


def is_text(content: bytes) -> bool:
    """Whether a content may be text: no NUL, unless it is UTF-16 with its mark."""
    return content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in content[:HEAD]
