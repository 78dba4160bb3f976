"""Files and packages of QTI read into a parcel: banks, tests and items in the order of their manifest."""

import posixpath
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lms.catalogue.formats.gift_lines import Unused
from lms.catalogue.formats.packages import ITEMS, TESTS, Manifest, kind_of, manifest_of
from lms.catalogue.formats.parcel import Grade, Notice, Parcel, Test
from lms.catalogue.formats.qti12 import Reader12, bank_title, read_item12
from lms.catalogue.formats.qti12_habits import metadata
from lms.catalogue.formats.qti_items import read_item
from lms.catalogue.formats.qti_media import Shelf
from lms.catalogue.formats.qti_texts import Texts
from lms.catalogue.formats.qti_tree import Element, attribute, below, child, children, place_of, unified, words
from lms.catalogue.formats.safe import SAVE_AGAIN, open_zip, parse_xml
from lms.catalogue.formats.sniffing import is_zip, root
from lms.catalogue.rules import Question

QUESTIONS = (*ITEMS, "questestinterop")
MOST_ITEMS = 5000
NO_QUESTIONS = "Suba el paquete que tiene las preguntas."


def parcel(file: str, content: bytes, name: str) -> Parcel:
    """A file or package of QTI. Nothing is raised."""
    found = kind_of(content)
    if is_zip(content):
        parts = open_zip(content)
        if isinstance(parts, Notice):
            return Parcel(file, name, notices=(parts,))
        return Package(file, parts, manifest_of(parts), name, found.what, found.remedy).read()
    if root(content)[1] == "manifest":
        return Parcel(file, name, notices=(Notice(
            Grade.FAULT, "", f"Es el manifiesto de {found.what}, sin sus archivos.", "Suba el .zip completo."),))
    return Package("", {file: content}, Manifest(""), name, found.what, found.remedy).read(file)


@dataclass
class Package:
    """What has been read of a package so far."""
    file: str
    parts: dict[str, bytes]
    manifest: Manifest
    name: str
    what: str
    remedy: str
    questions: list[Question] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    idents: Unused = field(default_factory=Unused)
    by_file: dict[str, str] = field(default_factory=dict)       # item file -> question id, "" not taken
    by_ident: dict[str, Question] = field(default_factory=dict)     # ident of 1.2 -> question

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.parts)
        self.lone = not self.file

    def read(self, file: str = "") -> Parcel:
        self.notices += self.manifest.faults
        roots = {name: root(content)[1] for name, content in self.parts.items() if name != self.manifest.file}
        self._missing()
        names = self._order([name for name, top in roots.items() if top in (*QUESTIONS, *TESTS)])
        for name in sorted(names, key=lambda n: roots[n] in TESTS):      # a test needs its items
            self._file(name, roots[name])
        if not names:
            self._nothing()
        if names and not self.questions and not self.notices:
            self._nothing()
        notices = tuple(dict.fromkeys(self.notices))
        return Parcel(file or self.file, self.name, tuple(self.questions), notices, self.shelf.album.contents,
                      tuple(self.tests))

    def _nothing(self) -> None:
        broken = [n for n in self.parts if n.lower().endswith((".xml", ".qti")) and n != self.manifest.file]
        for name in broken[:50] if "QTI" in self.what else ():
            top = parse_xml(name, self.parts[name])
            self.notices += [top] if isinstance(top, Notice) else []
        if self.name == "cartridge" and not self.what.startswith("un Common Cartridge"):
            self.name = ""              # another system's package: only named
        self.notices.append(Notice(Grade.FAULT, "", f"Es {self.what or 'un archivo'}: no trae preguntas.",
                                   self.remedy or NO_QUESTIONS))

    def _missing(self) -> None:
        """What the manifest names and the package does not have; a manifest that lies in a folder."""
        for resource in self.manifest.resources:
            for name in dict.fromkeys((resource.href, *resource.files)):
                if name and not self._has(name) and "://" not in name:
                    item = "imsqti" in resource.type or "assessment" in resource.type
                    self.notices.append(Notice(
                        Grade.FAULT if item else Grade.CHANGED, self.manifest.file,
                        f"El manifiesto nombra «{name[-100:]}», que no está en el paquete.",
                        "Agregue el archivo, o corrija su ruta en el manifiesto."))
        if self.manifest.folder:
            self.notices.append(Notice(Grade.CHANGED, self.manifest.file, "El manifiesto está dentro de una carpeta: "
                                       "se leyó desde ahí.", "Comprima el contenido, no la carpeta."))
        if not self.manifest.file and not self.lone:
            self.notices.append(Notice(
                Grade.CHANGED, "", "El paquete no trae imsmanifest.xml: se leyeron sus archivos.", SAVE_AGAIN))

    def _has(self, name: str) -> bool:
        return bool(self.shelf.found("", name)) or unquote(name).endswith("/")

    def _order(self, names: list[str]) -> list[str]:
        """As the manifest lists them; Canvas's own version of an assessment instead of the plainer one beside it."""
        places: dict[str, int] = {}
        for n, resource in enumerate(self.manifest.resources):
            for name in (resource.href, *resource.files):
                places.setdefault(unquote(name), n)
        full = {posixpath.basename(n).partition(".")[0]: n for n in names if "non_cc_assessments/" in n}
        kept = list(names)
        for name in names:
            other = full.get(posixpath.basename(posixpath.dirname(name)))
            if other and other != name:
                fewer = self.parts[other].count(b"<item ") < self.parts[name].count(b"<item ")
                kept.remove(other if fewer else name)
        banks = {n for n in kept if b"<objectbank" in self.parts[n][:4000]}
        return sorted(kept, key=lambda n: (n not in banks, places.get(n, len(places)), n))

    def _file(self, name: str, top: str) -> None:
        found = parse_xml("" if self.lone else name, self.parts[name])
        if isinstance(found, Notice):
            self.notices.append(found)
            return
        version = unified(found)
        shown = "" if self.lone else name
        if top == "questestinterop":
            _Old(self, Reader12(shown, self.shelf)).read(found)
        elif top in TESTS:
            self._test(found, name, version)
        else:
            self._item(found, name, version)

    def _item(self, item: Element, name: str, version: str) -> None:
        resource = self.manifest.named.get(name)
        question = read_item(item, "" if self.lone else name, version, self.shelf,
                             self._stimulus(item, name, version), tags=resource.tags if resource else ())
        self.by_file[name] = self.kept(question)

    def kept(self, question: Question | None) -> str:
        """The question under an id of its own, its notices told; "" if there is none."""
        told, self.shelf.told = self.shelf.told, []
        identity = ""
        if question is not None and len(self.questions) < MOST_ITEMS:
            identity = self.idents.like(question.id)
            self.questions.append(replace(question, id=identity))
        self.notices += [replace(notice, question=identity) for notice in told]
        return identity

    def _stimulus(self, item: Element, name: str, version: str) -> str:
        """The passages an item refers to, shown before it."""
        found = ""
        for ref in children(item, "assessmentStimulusRef"):
            other = self.shelf.found(posixpath.dirname(name), attribute(ref, "href"))
            top = parse_xml(other, self.parts[other]) if other else None
            texts = Texts(self.shelf, other or name, version)
            if top is None or isinstance(top, Notice):
                place = place_of("" if self.lone else name, ref, version)
                self.shelf.tell(Grade.CHANGED, place, "El texto de estímulo «"
                                f"{attribute(ref, 'href')[:80]}» no se pudo leer.", "Agréguelo al paquete.")
                continue
            unified(top)
            body = next(below(top, "stimulusBody"), None)
            found += f"<blockquote>{texts.html(body)}</blockquote>" if body is not None else ""
        return found

    def _test(self, test: Element, name: str, version: str) -> None:
        folder, ids = posixpath.dirname(name), []
        for ref in self._refs(test, folder, 0):
            other = self.shelf.found(folder, attribute(ref, "href"))
            place = place_of("" if self.lone else name, ref, version)
            if not other or other not in self.by_file:
                self.notices.append(Notice(Grade.FAULT, place, "El test nombra el ítem "
                                           f"«{attribute(ref, 'href')[:80]}», que no se encontró.", "Agréguelo."))
            elif self.by_file[other]:
                ids.append(self.by_file[other])
        for what, words_of in (("selection", "un sorteo de ítems"), ("preCondition", "condiciones entre ítems"),
                               ("branchRule", "saltos entre ítems")):
            strange = next(below(test, what), None)
            if strange is not None:
                self.notices.append(Notice(
                    Grade.CHANGED, place_of("" if self.lone else name, strange, version),
                    f"El test usa {words_of} ({what}): aquí quedan todos, en su orden.",
                    "Compóngalo al armar el control."))
        title = attribute(test, "title") or attribute(test, "identifier")
        self.tests.append(Test(title[:200], tuple(dict.fromkeys(ids))))

    def _refs(self, test: Element, folder: str, depth: int) -> list[Element]:
        """The item references, those of sections in files of their own too."""
        found: list[Element] = []
        for ref in below(test, "assessmentItemRef", "assessmentSectionRef"):
            other = self.shelf.found(folder, attribute(ref, "href")) if ref.tag == "assessmentSectionRef" else ""
            top = parse_xml(other, self.parts[other]) if other and depth < 3 else None
            if ref.tag == "assessmentItemRef":
                found.append(ref)
            elif top is not None and not isinstance(top, Notice):
                unified(top)
                found += self._refs(top, posixpath.dirname(other), depth + 1)
        return found


class _Old:
    """A questestinterop file: its banks, its assessments and loose items."""

    def __init__(self, package: Package, reader: Reader12) -> None:
        self.package, self.reader = package, reader

    def read(self, top: Element) -> None:
        found = 0
        for bank in children(top, "objectbank"):
            self.reader.category = bank_title(bank).replace("/", "//")
            found += len(self._items(bank))
            self.reader.category = ""
        for test in children(top, "assessment"):
            ids = self._items(test)
            found += len(ids)
            title = attribute(test, "title") or attribute(test, "ident")
            if any(True for _ in test.iterdescendants("item")):
                self.package.tests.append(Test(title[:200], tuple(dict.fromkeys(filter(None, ids)))))
            self._draws(test)
        for loose in children(top, "item", "section"):
            found += len(self._items(loose))
        if not found and not any(True for _ in top.iterdescendants("selection", "bankentry_item")):
            self.reader.tell(Grade.CHANGED, top, "El archivo no tiene preguntas.", "Revise que sea el correcto.")
            self.package.kept(None)

    def _items(self, holder: Element) -> list[str]:
        """The ids of the items inside, read; "" for each that could not be taken."""
        items = [holder] if holder.tag == "item" else list(holder.iterdescendants("item"))
        return [self._item(item) for item in items]

    def _item(self, item: Element) -> str:
        question = read_item12(self.reader, item)
        same = self.package.by_ident.get(metadata(item).get("assessment_question_identifierref", "")) or (
            self.package.by_ident.get(attribute(item, "ident")))
        if question is not None and same is not None and _alike(question, same):
            self.package.shelf.told.clear()
            return same.id
        identity = self.package.kept(question)
        if question is not None and identity:
            self.package.by_ident.setdefault(attribute(item, "ident"), replace(question, id=identity))
        return identity

    def _draws(self, test: Element) -> None:
        for selection in test.iterdescendants("selection"):
            bank, count = child(selection, "sourcebank_ref"), words(child(selection, "selection_number"))
            where = f" del banco «{words(bank)[:60]}»" if bank is not None else " de su sección"
            self.reader.tell(Grade.CHANGED, selection, f"El test sortea preguntas ({count[:10] or '1'}){where}.",
                             "Agregue el sorteo al armar el control.")
        for entry in test.iterdescendants("bankentry_item"):
            known = self.package.by_ident.get(attribute(entry, "item_ref"))
            if known is None:
                self.reader.tell(Grade.UNSUPPORTED, entry, "El test toma la pregunta "
                                 f"«{attribute(entry, 'item_ref')[:60]}» de un banco que no viene en el archivo.",
                                 "Exporte también ese banco.")
        self.package.kept(None)


def _alike(one: Question, other: Question) -> bool:
    """Whether a question of a test is the one of the bank it came from."""
    return (one.kind, one.text, one.options, one.numbers, one.body) == (
        other.kind, other.text, other.options, other.numbers, other.body)


