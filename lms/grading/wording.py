""""Cómo se calculó": each step of a result as a sentence with its numbers, so that anyone can do the sum again."""

from fractions import Fraction

from lms.foundation.language import _, ngettext
from lms.grading.explanation import conversion, exact
from lms.grading.policies import Policies
from lms.grading.scales import Scale
from lms.grading.step_words import Sentence as Sentence
from lms.grading.step_words import name_of as name_of
from lms.grading.step_words import part_words, steps
from lms.grading.values import FinalResult, ModuleResult

ROUNDED = {"half_up": "", "half_even": "al par más cercano", "half_down": "la mitad hacia abajo", "up": "hacia arriba",
           "down": "hacia abajo"}


def explain(result: ModuleResult, policies: Policies) -> tuple[Sentence, ...]:
    """A module's result, from the marks of its parts to each scale."""
    home = result.home
    told = [part_words(p, home) for p in result.parts if p.steps]
    told += steps(result.steps, home)
    return tuple(told) + (presented(result.share, policies) if result.share is not None and result.steps else ())


def explain_final(final: FinalResult, policies: Policies) -> tuple[Sentence, ...]:
    """The diploma's grade, from its modules to each scale."""
    if final.share is None:
        return ()
    return (*steps(final.steps, final.home), *presented(final.share, policies))


def presented(share: Fraction, policies: Policies, introduced: bool = True) -> tuple[Sentence, ...]:
    """A share on every scale of the cohort."""
    first = [Sentence("", _("Esa nota equivale a %(p)s %% de los puntos; de ahí sale en cada escala:") % {
        "p": exact(share * 100, 2)})] if introduced else []
    last = [Sentence("", _("Aprobar lo decide la escala de la Escuela (mínimo %(g)s) y vale igual en todas.") % {
        "g": policies.home.written(policies.home.passing)})] if len(policies.shown) > 1 else []
    return (*first, *(converted(share, scale, policies.home) for scale in policies.shown), *last)


def converted(share: Fraction, scale: Scale, home: Scale) -> Sentence:
    """The arithmetic from a share to a grade: "4,0 + 3,0 × (74 − 60) ÷ 40 = 5,05; redondeada a un decimal: 5,1"."""
    v = conversion(share, scale, home).values
    shown = v["grade"]
    if scale.table:
        return Sentence(scale.place, _("por la tabla de equivalencias «%(name)s», desde %(since)s corresponde") % {
            "name": scale.name, "since": home.written(v["since"])}, shown.written)
    head = _("%(place)s (exigencia %(e)s %%)") % {"place": scale.place, "e": exact(v["demand"] * 100)}
    way = exact(v["share"] * 100, 2)
    way = way if v["low"] else f"({way} − {exact(v['demand'] * 100)})"
    total = f"{scale.written(v['start'])} + {scale.written(v['climb'])} × {way} ÷ {exact(v['stretch'] * 100)} = " + \
        f"{exact(v['raw'])}; "
    if v["guarded"]:
        total += _("redondeada sola sería %(alone)s, pero aprobar se decide una vez, en la escala de la Escuela: "
                   "queda en") % {"alone": scale.written(v["alone"])}
    else:
        total += rounded_to(scale)
    return Sentence(head, total, shown.written)


def rounded_to(scale: Scale) -> str:
    """"redondeada a un decimal:"."""
    some = ngettext("redondeada a un decimal", "redondeada a %(num)d decimales", scale.decimals)
    to = some % {"num": scale.decimals} if scale.decimals else _("redondeada a entero")
    more = _(ROUNDED[scale.rounding]) if ROUNDED[scale.rounding] else ""
    return f"{to}{' ' if more else ''}{more}:"
