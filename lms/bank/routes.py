"""The bank's first page: its categories and questions, found and changed many at once."""

from fractions import Fraction
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, changing, finding, forms, queries
from lms.bank.finding import Asked
from lms.catalogue import queries as catalogue
from lms.catalogue.kinds import KINDS
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Anywhere, Room
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people import queries as people
from lms.people.rules import Actor, May, Refused, own_path, permits

room = Room("bank", __name__)
SEE, CHANGE = Anywhere(May.SEE_BANK), Anywhere(May.CHANGE_BANK)     # the bank is one, whatever cohort one works in
PAGE = 25                       # questions on a page


def me() -> Actor:
    return current_actor() or abort(401)


def may_change() -> bool:
    return permits(me(), May.CHANGE_BANK, anywhere=True)


def asked() -> Asked:
    """What the address asks to be shown."""
    state = request.args.get("estado", "")
    return Asked(request.args.get("q", "")[:200].strip(), request.args.get("tipo", ""),
                 request.args.get("etiqueta", "")[:60], _number("categoria"),
                 state if state in finding.STATES else "", _number("autor"), _number("importacion"))


def _number(name: str) -> int:
    found = request.args.get(name, 0, int)
    return found if 0 < found < 1 << 31 else 0


@room.get("/banco", allow=SEE)
def bank() -> ResponseReturnValue:
    wanted = asked()
    found = finding.ids(session(), wanted)
    pages = max(-(-len(found) // PAGE), 1)
    number = min(max(request.args.get("pagina", 1, int), 1), pages)
    lines = finding.lines(session(), found[(number - 1) * PAGE:number * PAGE])
    tree = queries.tree(session())
    return render_template(
        "bank/bank.html", asked=wanted, lines=lines, found=found, pages=pages, number=number, tree=tree, KINDS=KINDS,
        choices=forms.category_choices(tree), counts=_counts(tree), tags=finding.tags(session()),
        names=people.by_id(session(), {*finding.authors(session()), *(x.author_id for x in lines if x.author_id)}),
        may_change=may_change(), imports=finding.imports(session()))


def _counts(tree: Any) -> dict[int, int]:
    """How many questions each category holds with those below it."""
    own = finding.counts(session())
    return {i: sum(own[b] for b in tree.below(i)) for i in tree.by_id}


@room.post("/banco/cambios", allow=CHANGE)
def change() -> ResponseReturnValue:
    """One deed to all that were marked."""
    back = own_path(request.form.get("volver")) or url_for(".bank")
    deed, ids = request.form.get("hacer", ""), request.form.getlist("pregunta", int)
    if request.form.get("todas"):           # of the list, on all its pages
        ids = finding.ids(session(), asked())
    if not ids:
        tell(_("Falta marcar alguna pregunta de la lista."), "late")
        return redirect(back, 303)
    if deed == "export":
        which = dict(request.args) if request.form.get("todas") else {"pregunta": ids}
        return redirect(url_for(".export", **which), 303)
    value, fault = _value(deed)
    if fault:
        tell(fault, "late")
        return redirect(back, 303)
    change_id, many = changing.change(session(), me().person_id, now(), ids, deed, value)
    tell(ngettext("%(num)d pregunta cambiada.", "%(num)d preguntas cambiadas.", many) % {"num": many}, "done",
         url_for(".undo_change", change_id=change_id) if many else "", _("Deshacer"))
    return redirect(back, 303)


def _value(deed: str) -> tuple[Any, str]:
    """What a deed needs beside the questions, or what is wrong with it."""
    if deed == "move":
        category = request.form.get("a_categoria", 0, int)
        return category, "" if category in queries.tree(session()).by_id else _("Falta elegir la categoría.")
    if deed in ("tag", "untag"):
        tags = forms.tags_of(request.form.get("etiquetas", ""))
        return tags, "" if tags else _("Falta escribir la etiqueta.")
    if deed in ("points", "penalty"):
        said = request.form.get("numero", "").replace(",", ".").replace("%", "").strip()
        try:
            value = Fraction(said[:20]) / (100 if deed == "penalty" else 1)
        except (ValueError, ZeroDivisionError):
            return None, _("Falta escribir el número.")
        good = 0 <= value <= (1 if deed == "penalty" else 1000)
        return str(value), "" if good else _("El puntaje va de 0 a 1000 y el descuento de 0 a 100.")
    return None, "" if deed in ("retire", "return") else _("Falta elegir qué hacer.")


@room.route("/banco/cambios/<int:change_id>/deshacer", methods=["GET", "POST"], allow=CHANGE)
def undo_change(change_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("bank/undo.html", title=_("Deshacer el cambio"), words=_(
            "Cada pregunta vuelve a como estaba, salvo las que alguien escribió de nuevo después."))
    back = changing.undo(session(), me().person_id, now(), change_id)
    tell(_("Ese cambio ya se había deshecho.") if back is None else
         ngettext("%(num)d pregunta volvió a como estaba.", "%(num)d preguntas volvieron a como estaban.", back)
         % {"num": back})
    return redirect(url_for(".bank"), 303)


# Categories -----------------------------------------------------------------------------------------------------------

@room.route("/banco/categorias", methods=["GET", "POST"], allow=CHANGE)
def categories() -> ResponseReturnValue:
    form = _category_form()
    if form.accepted():
        try:
            actions.add_category(session(), me().person_id, now(), form["name"].data, form.parent.data or None,
                                 form.programme.data, form.institution.data or None)
            tell(_("Categoría agregada."))
            return redirect(url_for(".categories"), 303)
        except Refused as refused:
            form.refuse(refused)
    tree = queries.tree(session())
    return render_template("bank/categories.html", form=form, tree=tree, counts=_counts(tree),
                           category=None), 422 if form.faults else 200


@room.route("/banco/categorias/<int:category_id>", methods=["GET", "POST"], allow=CHANGE)
def category(category_id: int) -> ResponseReturnValue:
    tree = queries.tree(session())
    found = tree.by_id.get(category_id) or abort(404)
    form = _category_form(data={"name": found.name, "parent": found.parent_id or 0, "programme": found.programme,
                                "institution": found.institution_id or 0})
    if form.accepted():
        try:
            actions.change_category(session(), me().person_id, now(), category_id, form["name"].data,
                                    form.parent.data or None, form.programme.data, form.institution.data or None)
            tell(_("Categoría guardada."))
            return redirect(url_for(".categories"), 303)
        except Refused as refused:
            form.refuse(refused)
    return render_template("bank/categories.html", form=form, tree=tree, counts=_counts(tree),
                           category=found), 422 if form.faults else 200


@room.post("/banco/categorias/<int:category_id>/quitar", allow=CHANGE)
def remove_category(category_id: int) -> ResponseReturnValue:
    if category_id not in queries.tree(session()).by_id:
        abort(404)
    try:
        actions.remove_category(session(), me().person_id, now(), category_id)
        tell(_("Categoría quitada."))
    except Refused as refused:
        tell(refused.message, "late")
    return redirect(url_for(".categories"), 303)


def _category_form(**data: Any) -> forms.CategoryForm:
    programmes = {e.programme: e.title for e in catalogue.editions(session())}
    places = [(i.id, i.name) for i in people.institutions(session(), "school", "university", "association")]
    return forms.CategoryForm(**data).offer(queries.tree(session()), sorted(programmes.items()), places)
