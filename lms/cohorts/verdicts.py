"""What importing a roster would do with each row, given who and what is known already. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.cohorts.roster import Document, Entry, Remark
from lms.people import emails, identifiers, names
from lms.people.queries import Account, InstitutionView

NEW, KNOWN, RETURNS, ALREADY, REFUSED = "new", "known", "returns", "already", "refused"
TAKEN = (NEW, KNOWN, RETURNS)           # outcomes that an import writes


@dataclass(frozen=True)
class Known:
    """What the house knows that bears on a roster. `enrolled`: person -> None, or why they are out ("" when undone)."""
    accounts: Sequence[Account] = ()
    enrolled: Mapping[int, str | None] = field(default_factory=dict)
    institutions: Sequence[InstitutionView] = ()


@dataclass(frozen=True)
class Verdict:
    """What a row leads to. An institution with no id yet is one that the import would add."""
    entry: Entry
    outcome: str
    remarks: tuple[Remark, ...]
    person_id: int | None = None
    institution_id: int | None = None
    new_institution: str = ""

    @property
    def faults(self) -> tuple[Remark, ...]:
        return tuple(r for r in self.remarks if r.fault)

    @property
    def notices(self) -> tuple[Remark, ...]:
        return tuple(r for r in self.remarks if not r.fault)


@dataclass(frozen=True)
class Heads:
    """How the file calls the two columns that identify a person."""
    email: str
    document: str


def judge(entries: Sequence[Entry], known: Known, heads: Heads, country: str) -> tuple[Verdict, ...]:
    """A verdict for each row, in their order."""
    by_email = {emails.skeleton(a.email): a for a in known.accounts}
    by_document = {d: a for a in known.accounts for d in a.documents}
    repeats = _repeats(entries, heads)
    places = _Places(known.institutions, country)
    verdicts, taken = [], dict[int, int]()
    for entry in entries:
        account, remarks = _account(entry, by_email, by_document, heads)
        remarks = [*entry.remarks, *repeats.get(entry.row, ()), *remarks]
        if account and (first := taken.setdefault(account.id, entry.row)) != entry.row and not repeats.get(entry.row):
            remarks.append(Remark(heads.email, entry.email, f"Es la misma persona que la fila {first}.",
                                  "Deje una sola fila por persona."))
        institution_id, new = places.find(entry.institution)
        outcome = _outcome(account, known.enrolled, remarks, heads, entry)
        if new and outcome in TAKEN:
            remarks.append(Remark("Institución", entry.institution, f"Se agrega la institución «{new}».",
                                  "Si ya está con otro nombre, escríbalo igual en la planilla.", False))
        verdicts.append(Verdict(entry, outcome, tuple(remarks), account.id if account else None, institution_id, new))
    return tuple(verdicts)


def _outcome(account: Account | None, enrolled: Mapping[int, str | None], remarks: list[Remark], heads: Heads,
             entry: Entry) -> str:
    if any(remark.fault for remark in remarks):
        return REFUSED
    if account is None:
        return NEW
    if account.id not in enrolled:
        return KNOWN
    out = enrolled[account.id]
    if out is None:
        return ALREADY
    if out == "":
        return RETURNS
    remarks.append(Remark(heads.email, entry.email, f"Se retiró de esta cohorte: {out}",
                          "Si vuelve, reincorpórela a mano desde la nómina."))
    return REFUSED


def _account(entry: Entry, by_email: Mapping[str, Account], by_document: Mapping[Document, Account],
             heads: Heads) -> tuple[Account | None, list[Remark]]:
    """Whose account a row names, by document first and then by e-mail, and what speaks against it."""
    holder = next((by_document[d] for d in _documents(entry) if d in by_document), None)
    owner = by_email.get(emails.skeleton(entry.email)) if entry.email else None
    found = holder or owner
    if found is None:
        return None, []
    if found.staff or (owner and owner.staff):
        return found, [Remark(heads.email, entry.email, "Esa cuenta tiene un papel de trabajo en la Escuela.",
                              "No se inscribe desde una planilla. Si también va a estudiar, inscríbala a mano.")]
    if owner and owner.email != entry.email:
        return found, [Remark(heads.email, entry.email, f"Se confunde con el correo de otra cuenta: {owner.email}.",
                              "Revíselo letra por letra.")]
    if holder and owner and holder.id != owner.id:
        return found, [Remark(heads.document, "", f"El documento es de {holder.name.formal} y el correo es de "
                              f"{owner.name.formal}.", "Corrija el que esté equivocado.")]
    if holder is None and entry.document and (other := _rival(entry.document, found.documents)):
        return found, [Remark(heads.document, identifiers.shown(entry.document[0], entry.document[2]),
                              f"{found.name.formal}, que tiene ese correo, está con otro "
                              f"{identifiers.label(other[0])}.",
                              "Revise el documento y el correo.")]
    alike = _alike(entry.name, found.name)
    if holder and owner is None and not alike:
        return found, [Remark(heads.document, "", f"El documento ya es de otra cuenta: {found.name.formal}, "
                              f"{found.email}.", "Revise el documento; si es la misma persona, use ese correo.")]
    if owner and holder is None and not alike:
        return found, [Remark(heads.email, entry.email, f"Ese correo es de {found.name.formal}.",
                              "Cada persona necesita el suyo.")]
    return found, _told(entry, found, holder is None, owner is None, heads)


def _told(entry: Entry, found: Account, by_email_only: bool, other_email: bool, heads: Heads) -> list[Remark]:
    """What the office should know of a row that names an existing account, which an import never changes."""
    told = []
    if other_email:
        told.append(Remark(heads.email, entry.email,
                           f"Ya tiene cuenta con otro correo, que se mantiene: {found.email}.",
                           "Nada, salvo que deba cambiarse en su ficha.", False))
    if names.search_key(entry.name.full) != names.search_key(found.name.full):
        told.append(Remark("Nombre", entry.name.full, f"Ya tiene cuenta como {found.name.full}, que se mantiene.",
                           "Nada, salvo que deba cambiarse en su ficha.", False))
    if by_email_only and entry.document and not found.documents:
        told.append(Remark(heads.document, "", "Su cuenta no tiene documento, y la planilla no lo agrega.",
                           "Agréguelo en su ficha.", False))
    return told


def _documents(entry: Entry) -> list[Document]:
    """The row's document, and the DNI that a CUIL holds inside."""
    if entry.document is None:
        return []
    kind, _country, value = entry.document
    inside = [("ar_dni", "AR", value[2:10].lstrip("0"))] if kind == "ar_cuil" else []
    return [entry.document, *inside]


def wanted_documents(entries: Iterable[Entry]) -> list[Document]:
    """Every document whose holder must be looked for."""
    return [d for entry in entries for d in _documents(entry)]


def _rival(document: Document, theirs: Iterable[Document]) -> Document | None:
    """Another document of the same kind and country: no one has two."""
    return next((d for d in theirs if d[:2] == document[:2] and d != document), None)


def _alike(one: names.Name, other: names.Name) -> bool:
    """Do two spellings name the same person? Two words in common, or all of the shorter one."""
    left, right = (set(names.search_key(n.full).split()) - {"de", "del", "la", "las", "los", "y"} for n in (one, other))
    common = left & right
    return len(common) >= 2 or (bool(common) and common in (left, right))


def _repeats(entries: Sequence[Entry], heads: Heads) -> dict[int, list[Remark]]:
    """Row -> faults for what stands in another row too. Of equal rows the first is kept."""
    remarks: dict[int, list[Remark]] = defaultdict(list)

    def look(what: str, head: str, of: Callable[[Entry], Hashable], shown: Callable[[Entry], str]) -> None:
        rows = defaultdict(list)
        for entry in entries:
            if of(entry):
                rows[of(entry)].append(entry)
        for same in rows.values():
            if len(same) == 1:
                continue
            equal = len({(emails.skeleton(e.email), e.document, names.search_key(e.name.full)) for e in same}) == 1
            for entry in same[1:] if equal else same:
                if equal and entry.row in remarks:
                    continue
                others = [e.row for e in same if e is not entry]
                where = f"la fila {others[0]}" if len(others) == 1 else f"las filas {', '.join(map(str, others[:5]))}"
                message = f"Repite la fila {same[0].row}." if equal else f"{what} está en {where}."
                remedy = "Nada: se toma la primera." if equal else "Cada persona necesita el suyo."
                remarks[entry.row].append(Remark(head, shown(entry), message, remedy))

    look("El mismo correo", heads.email, lambda e: emails.skeleton(e.email) if e.email else "", lambda e: e.email)
    look("El mismo documento", heads.document, lambda e: e.document,
         lambda e: identifiers.shown(e.document[0], e.document[2]) if e.document else "")
    return remarks


class _Places:
    """Finds an institution by the ways offices write it: "Pucón", "I. Municipalidad de Pucon"."""

    PREFIXES = ("ilustre municipalidad de ", "i. municipalidad de ", "i municipalidad de ", "municipalidad de ",
                "municipio de ", "municipalidad ", "municipio ", "ayuntamiento de ", "intendencia de ", "comuna de ")

    def __init__(self, institutions: Iterable[InstitutionView], country: str) -> None:
        self.exact: dict[str, int] = {}
        self.near: dict[str, int] = {}
        self.fresh: dict[str, str] = {}         # named in this file only: two spellings are one
        for place in sorted(institutions, key=lambda i: i.country != country):
            self.exact.setdefault(names.search_key(place.name), place.id)
            if place.kind != "municipality" or place.country == country:     # San Fernando is in both countries
                for text in filter(None, (place.name, place.short_name)):
                    self.near.setdefault(self._bare(text), place.id)

    def find(self, text: str) -> tuple[int | None, str]:
        """(its id, "") or (None, the name to add it under) or (None, "") when nothing is said."""
        if not text:
            return None, ""
        found = self.exact.get(names.search_key(text)) or self.near.get(self._bare(text))
        return (found, "") if found else (None, self.fresh.setdefault(self._bare(text), text))

    def _bare(self, text: str) -> str:
        word = names.search_key(text)
        prefix = next((p for p in self.PREFIXES if word.startswith(p)), "")
        return word.removeprefix(prefix)
