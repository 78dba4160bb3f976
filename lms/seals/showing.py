"""Where a seal has a place on the page: an empty face (the paper draws its own words there), and its tag, so that those
who have the paper read aloud come to it and the paper stays PDF/UA."""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def show(writer: IncrementalPdfFileWriter, reference: generic.IndirectObject, words: str) -> None:
    """`reference`: of the field, which is its own widget."""
    widget: Any = reference.get_object()
    left, low, right, high = (float(side) for side in widget["/Rect"])
    face = generic.StreamObject({
        pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): generic.ArrayObject(generic.FloatObject(round(side, 2)) for side in (
            0, 0, right - left, high - low))}, stream_data=b"")
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(face)})
    if "/StructTreeRoot" in writer.root:
        _tag(writer, widget, reference, words)


def _tag(writer: IncrementalPdfFileWriter, widget: Any, reference: generic.IndirectObject, words: str) -> None:
    root: Any = writer.root["/StructTreeRoot"]
    document, tree, page = root["/K"], root["/ParentTree"], widget.raw_get("/P")
    number = int(root["/ParentTreeNextKey"])
    part = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/StructElem"), pdf_name("/S"): pdf_name("/Form"),
        pdf_name("/P"): root.raw_get("/K"), pdf_name("/Pg"): page, pdf_name("/Alt"): generic.pdf_string(words),
        pdf_name("/K"): generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): reference, pdf_name("/Pg"): page})}))
    kids = document["/K"]
    if not isinstance(kids, generic.ArrayObject):
        kids = document[pdf_name("/K")] = generic.ArrayObject([document.raw_get("/K")])
    kids.append(part)
    tree["/Nums"] += [generic.NumberObject(number), part]
    root[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(number + 1)
    widget[pdf_name("/StructParent")] = generic.NumberObject(number)
    for changed in (document, tree, root):
        writer.update_container(changed)
