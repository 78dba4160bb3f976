"""One task on a PDF or an image from strangers, in a process of its own: run as a file, never imported by the server.

`python -I leaf_press.py facts|draw N|clean|photo`, the file on standard input, what it made on standard output. It
imports nothing of ours, so that it starts quickly and has no secret in it. See lms.foundation.leaves and
docs/decisions/0012.
"""

import ctypes
import io
import json
import math
import struct
import sys
from typing import BinaryIO

import pypdfium2
from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401  (now: later none opens)

try:
    import resource
except ImportError:                     # Windows has no such limits; there is still the time its parent gives it
    resource = None                     # type: ignore[assignment]

MOST_PAGES, WIDTH, PIXELS = 60, 1240, 4_000_000         # 1240: A4 at 150 dots an inch
TALLEST = 12                            # times as high as wide: what is more is no page
PHOTO = 1600                            # pixels of the longer side that are kept
MEMORY, SECONDS, OUTPUT = 768 << 20, 8, 64 << 20
LOCKED, BROKEN, HEAVY, ABSENT = 3, 4, 5, 6              # how it ends, beside 0
CODES = {pypdfium2.raw.FPDF_ERR_PASSWORD: LOCKED, pypdfium2.raw.FPDF_ERR_SECURITY: LOCKED}


def limit() -> None:
    """No more memory, processor, output, files or processes than a page needs."""
    if resource:
        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
                           (resource.RLIMIT_FSIZE, OUTPUT), (resource.RLIMIT_NOFILE, 16)):
            resource.setrlimit(what, (most, most))


def confine() -> bool:
    """Open no file and no connection from here on, where the kernel can see to it (Linux's Landlock)."""
    if not sys.platform.startswith("linux"):
        return False
    call = ctypes.CDLL(None, use_errno=True).syscall
    create, restrict, known = 444, 446, call(444, None, ctypes.c_size_t(0), 1)
    if known < 1:
        return False
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(known, 16)) - 1
    rules = struct.pack("=QQ", files, 3 if known >= 4 else 0)[:16 if known >= 4 else 8]
    made = call(create, rules, ctypes.c_size_t(len(rules)), 0)
    new_rights = 38                     # PR_SET_NO_NEW_PRIVS
    return bool(made >= 0 and ctypes.CDLL(None).prctl(new_rights, 1, 0, 0, 0) == 0 and call(restrict, made, 0) == 0)


def facts(file: BinaryIO) -> bytes:
    """How many pages, and the size of those that are shown."""
    if file.read(1024).lstrip()[:5] != b"%PDF-":
        file.seek(0)
        image = Image.open(file, formats=("PNG", "JPEG"))
        across, down = image.size
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)         # browsers turn it
        return json.dumps({"pages": 1, "sizes": [[down, across] if turned else [across, down]]}).encode()
    document = opened(file)
    sizes = [[round(side, 2) for side in document.get_page_size(n)] for n in range(min(len(document), MOST_PAGES))]
    sizes = [[across, min(down, across * TALLEST)] for across, down in sizes]
    if not sizes:
        sys.exit(BROKEN)
    return json.dumps({"pages": len(document), "sizes": sizes}).encode()


def draw(file: BinaryIO, page: int) -> bytes:
    """A page as a picture."""
    document = opened(file)
    if not 1 <= page <= min(len(document), MOST_PAGES):
        sys.exit(ABSENT)
    document.init_forms()               # what was filled in is seen too
    leaf = document[page - 1]
    across, down = (max(side, 1.0) for side in leaf.get_size())
    if down > across * TALLEST:
        sys.exit(HEAVY)
    scale = min(WIDTH / across, math.sqrt(PIXELS / (across * down)), 8000 / max(across, down))
    image = leaf.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    made = io.BytesIO()
    image.save(made, "WEBP", quality=70, method=1)
    return made.getvalue()


def clean(file: BinaryIO) -> bytes:
    """The pages in a new document: without the old one's title, author and other data about it."""
    document, new, made = opened(file), pypdfium2.PdfDocument.new(), io.BytesIO()
    new.import_pages(document)
    new.save(made)
    return made.getvalue()


def photo(file: BinaryIO) -> bytes:
    """A photo upright, no larger than a screen, and without what it says of where, when and with what it was taken."""
    image = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
    image.draft("RGB", (PHOTO, PHOTO))  # a JPEG is read at a fraction of its size
    image = ImageOps.exif_transpose(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    image.thumbnail((PHOTO, PHOTO))
    bare, made = Image.new("RGB", image.size, "white"), io.BytesIO()
    bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    bare.save(made, "JPEG", quality=80, optimize=True)
    return made.getvalue()


def opened(file: BinaryIO) -> pypdfium2.PdfDocument:
    file.seek(0)
    return pypdfium2.PdfDocument(file)


def main(task: str, *page: str) -> None:
    Image.preinit()                     # its plug-ins too
    limit()
    confine()
    file, tasks = sys.stdin.buffer, {"facts": facts, "draw": draw, "clean": clean, "photo": photo}
    try:
        sys.stdout.buffer.write(tasks[task](file, *map(int, page)))     # type: ignore[operator]
        sys.stdout.buffer.flush()
    except pypdfium2.PdfiumError as no:
        sys.exit(CODES.get(no.err_code, BROKEN))
    except (MemoryError, Image.DecompressionBombError, RecursionError):
        sys.exit(HEAVY)
    except (OSError, ValueError, OverflowError, SyntaxError):           # Pillow says SyntaxError of a broken PNG
        sys.exit(BROKEN)


if __name__ == "__main__":
    main(*sys.argv[1:])
