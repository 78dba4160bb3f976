"""The papers of many certificates in one archive, written piece by piece in flat memory."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile

from lms.certificates.queries import CertificateView
from lms.foundation.spreadsheet import write_csv
from lms.foundation.stores import CHUNK, Store

COLUMNS = ("Folio", "Persona", "Documento", "Emitido", "Verificación", "Archivo", "SHA-256")


def packed(store: Store, certificates: Sequence[CertificateView], latest: Mapping[str, str]) -> Iterator[bytes]:
    """`latest`: SHA-256 as issued -> of the file with its last time stamp. A paper that is not in the store is told of
    in the list, and the rest is given."""
    with TemporaryFile() as file:
        rows = []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:     # a PDF is packed already
            for one in sorted(certificates, key=lambda c: c.folio):
                s, digest, name = one.snapshot, latest.get(one.sha256, one.sha256), f"{one.folio}.pdf"
                try:
                    archive.writestr(name, store.read(digest))
                except OSError:
                    name = "falta en el servidor"
                rows.append((one.folio, s.holder_name, s.holder_document, s.issued_on.isoformat(), s.verify_url, name,
                             digest))
            archive.writestr("lista.csv", write_csv(COLUMNS, rows))
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
