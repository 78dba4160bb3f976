"""What makes a PDF readable without seeing it: structure tree, language, title and the statement that it is PDF/UA.

Built with ReportLab's own objects while the file is written (0.6 ms a certificate), so that no second library has to
read and write the file again.
"""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFPage, PDFStream, PDFString


@dataclass(frozen=True)
class Card:
    """What the file says of itself."""
    title: str
    author: str
    subject: str
    keywords: str               # ASCII: stands in the file as it is, to be found without reading the PDF
    made_on: date
    language: str = "es-CL"


@dataclass(frozen=True)
class Tag:
    """One node of the structure tree."""
    role: str
    alt: str = ""
    mark: int | None = None             # its marked content on the page
    box: list[float] | None = None      # of a figure, in points
    tags: list["Tag"] = field(default_factory=list)


def describe(canvas: Any, card: Card) -> None:
    """Title, author, subject, keywords, dates and XMP. The date is that of the paper, not of the machine."""
    doc = canvas._doc
    canvas.setTitle(card.title)
    canvas.setAuthor(card.author)
    canvas.setSubject(card.subject)
    canvas.setKeywords(card.keywords)
    canvas.setCreator("")
    canvas.setProducer("")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    day = card.made_on
    doc._timeStamp.YMDhms, doc._timeStamp.dhh, doc._timeStamp.dmm = (day.year, day.month, day.day, 12, 0, 0), 0, 0
    digest = sha256(repr(card).encode()).hexdigest()[:32].encode()
    doc._ID = b"[<%b> <%b>]" % (digest, digest)
    doc.Catalog.Metadata = PDFStream(PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
                                     _xmp(card).encode())


def tag_tree(canvas: Any, pages: list[list[Tag]]) -> None:
    """Document and all below it; each page knows its tags and lets the Tab key follow them."""
    doc = canvas._doc
    root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
    root_ref = doc.Reference(root)
    document = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Document"), "P": root_ref})
    document_ref = doc.Reference(document)
    kids, numbers = [], []
    for number, (page, tags) in enumerate(zip(doc.Pages.pages, pages, strict=True)):
        marked: dict[int, Any] = {}
        page_ref = doc.Reference(page)
        kids += [_element(doc, tag, document_ref, page_ref, marked) for tag in tags]
        numbers += [number, doc.Reference(PDFArray([marked[mark] for mark in sorted(marked)]))]
        page.StructParents, page.Tabs = number, PDFName("S")
        page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
    document["K"] = PDFArray(kids)
    root["K"] = document_ref
    root["ParentTree"] = doc.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
    root["ParentTreeNextKey"] = len(pages)
    doc.Catalog.StructTreeRoot = root
    doc.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _element(doc: Any, tag: Tag, parent: Any, page: Any, marked: dict[int, Any]) -> Any:
    element = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(tag.role), "P": parent, "Pg": page})
    ref = doc.Reference(element)
    kids: list[Any] = []
    if tag.mark is not None:
        marked[tag.mark] = ref
        kids.append(tag.mark)
    kids += [_element(doc, below, ref, page, marked) for below in tag.tags]
    element["K"] = PDFArray(kids) if len(kids) != 1 else kids[0]
    if tag.alt:
        element["Alt"] = PDFString(tag.alt)
    if tag.box:
        element["A"] = PDFDictionary({"O": PDFName("Layout"), "Placement": PDFName("Block"), "BBox": PDFArray(tag.box)})
    if tag.role == "TH":
        element["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
    return ref


def _xmp(card: Card) -> str:
    day = f"{card.made_on.isoformat()}T12:00:00+00:00"
    title, subject, author = (
        f'<dc:{name}><rdf:{kind}><rdf:li{lang}>{escape(text)}</rdf:li></rdf:{kind}></dc:{name}>'
        for name, kind, lang, text in (("title", "Alt", ' xml:lang="x-default"', card.title),
                                       ("description", "Alt", ' xml:lang="x-default"', card.subject),
                                       ("creator", "Seq", "", card.author)))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part><dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{card.language}</rdf:li></rdf:Bag></dc:language>
{title}
{subject}
{author}
<pdf:Keywords>{escape(card.keywords)}</pdf:Keywords>
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
"""
