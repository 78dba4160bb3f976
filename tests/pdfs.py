"""PDF files as people and attackers hand them in."""

import io
import zlib

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

AUTHOR = "Ana Pérez Soto"


def pages(number=3, size=A4, author=AUTHOR) -> bytes:
    """Text on each page; the author's name in its data."""
    made = io.BytesIO()
    on = canvas.Canvas(made, pagesize=size)
    on.setTitle(f"Ficha de {author}")
    on.setAuthor(author)
    for n in range(number):
        on.setFont("Helvetica-Bold", 22)
        on.drawString(60, size[1] - 70, f"Ficha de cooperación, página {n + 1}")
        on.setFont("Helvetica", 11)
        for line in range(36):
            on.drawString(60, size[1] - 110 - 16 * line,
                          f"{line + 1}. Los municipios del Cono Sur reúnen experiencias de cooperación descentralizada.")
        on.setFillColorRGB(.14, .25, .6)
        on.rect(size[0] * .75, size[1] * .05, size[0] * .15, size[1] * .05, fill=1)     # low on the right
        on.showPage()
    on.save()
    return made.getvalue()


def locked(owner_only=False) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages(1))) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="dueña", user="" if owner_only else "secreta"))
    return made.getvalue()


def written(content: bytes, box=(0, 0, 595, 842), compressed=True, **extra) -> bytes:
    """One page with this content stream."""
    made, document = io.BytesIO(), pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    page.obj.MediaBox = pikepdf.Array(box)
    page.obj.Contents = pikepdf.Stream(document, content)
    for name, value in extra.items():
        page.obj[f"/{name}"] = value
    document.save(made, compress_streams=compressed)
    document.close()
    return made.getvalue()


def bomb() -> bytes:
    """A page whose content is 400 MB of paths, in 400 kB."""
    return _raw(b"0 0 m 500 800 l 400 0 l 3 700 l h f\n" * 11_000_000)


def deep() -> bytes:
    """Saved states within one another, a million."""
    return written(b"q " * 1_000_000)


def heavy() -> bytes:
    """A form that draws a form ten times, ten levels deep: 10^10 rectangles."""
    made, document = io.BytesIO(), pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    inner = None
    for _level in range(10):
        form = pikepdf.Stream(document, b"/X Do " * 10 if inner is not None else b"0 0 500 800 re f ")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 595, 842])
        form.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency)
        if inner is not None:
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = document.make_indirect(form)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    page.obj.Contents = pikepdf.Stream(document, b"/X Do")
    document.save(made)
    document.close()
    return made.getvalue()


def huge_image() -> bytes:
    """An image that says to be 60 000 by 60 000 points."""
    made, document = io.BytesIO(), pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    image = pikepdf.Stream(document, zlib.compress(bytes(1 << 24)))
    image.Type, image.Subtype, image.Width, image.Height = pikepdf.Name.XObject, pikepdf.Name.Image, 60_000, 60_000
    image.ColorSpace, image.BitsPerComponent, image.Filter = pikepdf.Name.DeviceRGB, 8, pikepdf.Name.FlateDecode
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(image)))
    page.obj.Contents = pikepdf.Stream(document, b"500 0 0 800 0 0 cm /I Do")
    document.save(made)
    document.close()
    return made.getvalue()


def boundless() -> bytes:
    """A page 10^7 points wide and one high."""
    return written(b"0 0 9999999 1 re f", (0, 0, 10_000_000, 1))


def many() -> bytes:
    """It says to have two thousand million pages."""
    return pages(1).replace(b"/Count 1 ", b"/Count 2000000000 ")


def cut() -> bytes:
    whole = pages(2)
    return whole[:len(whole) // 3]


def scripted() -> bytes:
    """Scripts, and actions that open addresses and files, as soon as it is opened."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages(1))) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1); while(true){}")
        document.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://127.0.0.1:9/x"))
        document.save(made)
    return made.getvalue()


def _raw(content: bytes) -> bytes:
    """A PDF written by hand around a compressed stream: pikepdf would hold it all."""
    body = zlib.compress(content, 9)
    return (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode"
            b"/Length " + str(len(body)).encode() + b">>stream\n" + body + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
