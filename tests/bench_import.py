"""A thousand questions of a GIFT file taken into the bank, beside the least it needs: the file cut at its blank lines and the
same rows written."""

from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import delete, insert

from lms.bank import taking_in
from lms.bank.models import BankImport, BankQuestion, BankTag, BankVersion, Category
from lms.catalogue import formats
from tests import world

MANY = 1000
FOUR = """// [tag:uno]
::P{n}:: ¿Cuál es la capital del país número {n}, según el texto? {{
=Quito #Correcto, es Quito {n}.
~Lima #No, es de Perú.
~Santiago
~Bogotá {n}
####Vea la lección.
}}

::N{n}:: ¿Cuánto es {n} más 3? {{#{n}:0.5 #Bien}}

::V{n}:: [html]<p>El número <b>{n}</b> es par.</p> {{T#No.#Sí.}}

::S{n}:: Escriba el nombre {n} {{=alcalde{n} =%50%alcaldesa{n}#casi}}
"""
FILE = "\n".join(FOUR.format(n=n) for n in range(MANY // 4)).encode()


def deeds(database) -> tuple[Callable[[], None], Callable[[], None], Callable[[], None]]:
    """(ours, the floor, what takes it away again)."""
    def ours() -> None:
        parcel = formats.read("banco.gift", FILE)
        with database.transaction() as s:
            _made, many = taking_in.take_in(s, None, world.NOW, parcel, sha256(FILE).hexdigest(), range(1, MANY + 1))
        assert many == MANY

    def floor() -> None:
        blocks = FILE.decode().split("\n\n")
        with database.transaction() as s:
            s.execute(insert(Category.__table__), [{"id": 1, "name": "x", "made_at": world.NOW, "programme": ""}])
            s.execute(insert(BankQuestion.__table__), [
                {"id": n, "code": f"p{n}", "category_id": 1, "latest": 1, "ready": 1, "made_at": world.NOW} for n in range(1, len(blocks) + 1)])
            s.execute(insert(BankVersion.__table__), [
                {"question_id": n, "number": 1, "status": "ready", "kind": "single", "name": block[:40], "content": block.encode(), "search_key": block,
                 "digest": sha256(block.encode()).hexdigest(), "written_at": world.NOW, "note": ""} for n, block in enumerate(blocks, 1)])

    def after() -> None:
        with database.transaction() as s:
            for table in (BankTag, BankVersion, BankQuestion, BankImport, Category):
                s.execute(delete(table))

    return ours, floor, after
