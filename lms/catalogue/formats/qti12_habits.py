"""What other programs write in QTI 1.2 in ways of their own, put in the standard's words before an item is read."""

import itertools
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from lms.catalogue.formats.qti12_scoring import QUIET
from lms.catalogue.formats.qti_mappings import NotSaid
from lms.catalogue.formats.qti_tree import Element, attribute, children, number, words

FIELDS = ("qtimetadatafield", "qti_metadatafield")          # the standard's, and Brightspace's
SIGNS = re.compile(r"[][{}()^$+?\\|*]")                     # what a pattern has and a text rarely
MOST_TOGETHER, MOST_WILD = 3, 200
TELLING = ("qmd_itemtype", "qmd_weighting", "qmd_absolutescore_max", "bbmd_questiontype")


def metadata(item: Element) -> dict[str, str]:
    """What an item says of itself: question_type, points_possible …"""
    found: dict[str, str] = {}
    for one in item.iterdescendants(*FIELDS):
        found.setdefault(words(one.find("fieldlabel")), words(one.find("fieldentry")))
    for name in TELLING:
        element = next(item.iterdescendants(name), None)
        if element is not None:
            found.setdefault(name, words(element))
    return found


def standard(item: Element, fields: Mapping[str, str]) -> Element:
    """The item with what others write otherwise: Sakai's "uno|otro" is either text, "5|7" in a number from 5 to 7."""
    kind = fields.get("qmd_itemtype", "").lower()
    if not kind.startswith(("fill in", "numeric")):
        return item
    for equal in list(item.iterdescendants("varequal")):
        if kind.startswith("fill in") and "*" in words(equal):
            raise NotSaid(f"La respuesta «{words(equal)[:40]}» tiene un asterisco, que según el programa es un comodín "
                          "o el signo mismo.", "Cree la pregunta a mano: en una respuesta breve, * es cualquier texto.")
        ways = [way.strip() for way in words(equal).split("|") if way.strip()]
        if len(ways) < 2:
            continue
        if kind.startswith("numeric"):
            low, high = (number(way) for way in (ways[0], ways[-1]))
            if len(ways) != 2 or low is None or high is None:
                raise NotSaid(f"El número «{words(equal)[:40]}» no es un intervalo que se entienda.")
            _become(equal, "and", [("vargte", ways[0] if low <= high else ways[1]),
                                   ("varlte", ways[1] if low <= high else ways[0])])
        else:
            _become(equal, "or", [("varequal", way) for way in ways])
    return item


def _become(element: Element, name: str, inside: Sequence[tuple[str, str]]) -> None:
    """An element into a group of conditions of its response."""
    one = deepcopy(element)
    for part in list(element):
        element.remove(part)
    element.tag, element.text = name, None
    element.attrib.clear()
    for tag, said in inside:
        made = element.makeelement(tag, dict(one.attrib))
        made.text = said
        element.append(made)


def patterns(spoken: Sequence[Element], rid: str, matched: bool) -> dict[str, str]:
    """For each part of a text that is asked for, a text that has it -> the wildcards that say so; for several at once,
    in every order. Raises NotSaid where the wildcards would not say the same."""
    found: dict[str, str] = {}
    for part in spoken:
        if part.tag != "varsubstring" or len(found) > MOST_WILD:
            continue
        holder = part.getparent()
        group = [e for e in children(holder) if e.tag != "qticomment"]
        several = holder is not None and holder.tag in ("and", "conditionvar") and len(group) > 1
        parts = [" ".join(words(e).split()) for e in group] if several else [words(part)]
        if matched and any(SIGNS.search(one) for one in parts):
            raise NotSaid("La respuesta se compara con un patrón (cc.pattern_match), que aquí no existe: "
                          f"«{parts[0][:60]}».")
        if several and not _apart(group, parts, rid):
            raise NotSaid("La respuesta debe contener varios textos de un modo que los comodines no pueden decir: "
                          f"«{'», «'.join(one[:30] for one in parts[:5])}».")
        for order in itertools.permutations(parts) if several else [tuple(parts)]:
            if all(order):
                found[" ".join(order)] = "*" + "*".join(one.replace("*", "\\*") for one in order) + "*"
    return found


def _apart(group: Sequence[Element], parts: Sequence[str], rid: str) -> bool:
    """Whether whoever writes all of them can not write two with the same letters."""
    if len(parts) > MOST_TOGETHER or any(e.tag != "varsubstring" or attribute(e, "respident") != rid for e in group):
        return False
    low = [part.casefold() for part in parts]
    return not any(one[-n:] == other[:n] or one in other for one, other in itertools.permutations(low, 2)
                   for n in range(1, min(len(one), len(other)) + 1))


def conditions(item: Element) -> dict[str, list[Element]]:
    """What is asked of each response, by its id."""
    found: dict[str, list[Element]] = {}
    for holder in item.iterdescendants("conditionvar"):
        for one in holder.iterdescendants():
            rid = attribute(one, "respident") if isinstance(one.tag, str) else ""
            if rid and one.tag not in QUIET:
                found.setdefault(rid, []).append(one)
    return found


def foreign(presentation: Element) -> str:
    """What is asked in a way of another program's own, "" nothing."""
    if any(attribute(e, "class") == "RIGHT_MATCH_BLOCK" for e in presentation.iterdescendants("flow")):
        return "emparejar dos listas al modo de Blackboard"
    return ""
