"""The formats of QTI and Common Cartridge, as the others see them."""

from collections.abc import Callable

from lms.catalogue.formats import qti12_write, qti_write
from lms.catalogue.formats.format import Format
from lms.catalogue.formats.packages import kind_of
from lms.catalogue.formats.parcel import Parcel
from lms.catalogue.formats.qti_reading import parcel


def _claims(name: str) -> Callable[[str, bytes], bool]:
    return lambda file, content: kind_of(content).format == name


def _read(name: str) -> Callable[[str, bytes], Parcel]:
    return lambda file, content: parcel(file, content, name)


QTI3 = Format("qti3", "QTI 3.0", ("zip", "xml"), _claims("qti3"), _read("qti3"), qti_write.writer("qti3"))
QTI22 = Format("qti22", "QTI 2.2", ("zip", "xml"), _claims("qti22"), _read("qti22"), qti_write.writer("qti22"))
QTI21 = Format("qti21", "QTI 2.1", ("zip", "xml"), _claims("qti21"), _read("qti21"), qti_write.writer("qti21"))
QTI12 = Format("qti12", "QTI 1.2 de Canvas", ("zip", "xml"), _claims("qti12"), _read("qti12"),
               qti12_write.writer("qti12"))
CARTRIDGE = Format("cartridge", "Common Cartridge", ("imscc", "zip"), _claims("cartridge"), _read("cartridge"),
                   qti12_write.writer("cartridge"))
FORMATS = (QTI3, QTI22, QTI21, QTI12, CARTRIDGE)
