"""Pages of outgoing events: who is told what, how each telling went, and telling it again."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.events import actions, queries
from lms.events.forms import SinceForm, SubscriptionForm
from lms.events.queries import SubscriptionView
from lms.events.rules import OVERLAP, PAUSE_AFTER, PUBLISHED
from lms.foundation.clock import now
from lms.foundation.database import session
from lms.foundation.doors import Room, row_number
from lms.foundation.errors import Reason
from lms.foundation.language import _, ngettext
from lms.foundation.pages import tell
from lms.people import current_actor
from lms.people.rules import HOME_ZONE, May, Refused

STATES = {"entregados": "done", "en-espera": "waiting", "abandonados": "given up"}
room = Room("events", __name__, url_prefix="/ganchos/salidas")


@room.get("", allow=May.SEE_HOOKS)
def subscriptions() -> ResponseReturnValue:
    return render_template("events/subscriptions.html", found=queries.subscriptions(session()), KINDS=PUBLISHED,
                           zone=HOME_ZONE)


@room.route("/nueva", methods=["GET", "POST"], allow=May.CHANGE_HOOKS)
def new() -> ResponseReturnValue:
    form = SubscriptionForm()
    if form.accepted():
        made, secret = actions.subscribe(session(), current_app.extensions["vault"], current_actor().person_id, now(),
                                         form.name.data, form.address.data, form.kinds.data)
        return _secret(made, secret, _("Suscripción creada"))
    return render_template("events/form.html", form=form, found=None, KINDS=PUBLISHED), 422 if form.errors else 200


@room.get("/<int:subscription_id>", allow=May.SEE_HOOKS)
def subscription(subscription_id: int) -> ResponseReturnValue:
    return _page(_found(subscription_id), SinceForm())


@room.route("/<int:subscription_id>/datos", methods=["GET", "POST"], allow=May.CHANGE_HOOKS)
def change(subscription_id: int) -> ResponseReturnValue:
    found = _standing(subscription_id)
    form = SubscriptionForm() if request.method == "POST" else SubscriptionForm(None, data={
        "name": found.name, "address": found.address, "kinds": list(found.kinds)})
    if form.accepted():
        actions.change(session(), current_actor().person_id, now(), subscription_id, form.name.data, form.address.data,
                       form.kinds.data)
        tell(_("Suscripción guardada."))
        return redirect(url_for("events.subscription", subscription_id=subscription_id), 303)
    return render_template("events/form.html", form=form, found=found, KINDS=PUBLISHED), 422 if form.errors else 200


@room.post("/<int:subscription_id>/secreto", allow=May.CHANGE_HOOKS)
def rotate(subscription_id: int) -> ResponseReturnValue:
    _standing(subscription_id)
    secret = actions.rotate(session(), current_app.extensions["vault"], current_actor().person_id, now(),
                            subscription_id)
    return _secret(subscription_id, secret, _("Secreto nuevo"), changed=True)


@room.post("/<int:subscription_id>/pausa", allow=May.CHANGE_HOOKS)
def pause(subscription_id: int) -> ResponseReturnValue:
    _standing(subscription_id)
    actions.pause(session(), current_actor().person_id, now(), subscription_id)
    tell(_("En pausa. Lo que ocurra se guarda y sale cuando se reanude."), "due")
    return redirect(url_for("events.subscription", subscription_id=subscription_id), 303)


@room.post("/<int:subscription_id>/reanudacion", allow=May.CHANGE_HOOKS)
def resume(subscription_id: int) -> ResponseReturnValue:
    _standing(subscription_id)
    actions.resume(session(), current_actor().person_id, now(), subscription_id)
    tell(_("Reanudada. Lo que esperaba está saliendo."))
    return redirect(url_for("events.subscription", subscription_id=subscription_id), 303)


@room.route("/<int:subscription_id>/fin", methods=["GET", "POST"], allow=May.CHANGE_HOOKS)
def end(subscription_id: int) -> ResponseReturnValue:
    found = _standing(subscription_id)
    if request.method == "POST":
        actions.end(session(), current_actor().person_id, now(), subscription_id)
        tell(_("Suscripción terminada. No se le envía nada más."))
        return redirect(url_for("events.subscriptions"), 303)
    return render_template("events/end.html", found=found)


@room.post("/<int:subscription_id>/prueba", allow=May.CHANGE_HOOKS)
def ping(subscription_id: int) -> ResponseReturnValue:
    _standing(subscription_id)
    made = actions.ping(session(), current_actor().person_id, now(), subscription_id)
    tell(_("Aviso de prueba en camino. Recargar en unos segundos para ver la respuesta."))
    return redirect(url_for("events.delivery", subscription_id=subscription_id, delivery_id=made), 303)


@room.post("/<int:subscription_id>/desde", allow=May.CHANGE_HOOKS)
def again_since(subscription_id: int) -> ResponseReturnValue:
    found, form = _standing(subscription_id), SinceForm()
    if form.accepted():
        try:
            n = actions.again_since(session(), current_actor().person_id, now(), subscription_id, form.instant)
            tell(ngettext("%(num)d aviso está saliendo otra vez.", "%(num)d avisos están saliendo otra vez.", n)
                 % {"num": n})
            return redirect(url_for("events.subscription", subscription_id=subscription_id), 303)
        except Refused as refused:
            form.since.errors = [refused.message]
    return _page(found, form), 422


@room.get("/<int:subscription_id>/envios/<int:delivery_id>", allow=May.SEE_HOOKS)
def delivery(subscription_id: int, delivery_id: int) -> ResponseReturnValue:
    found = queries.delivery(session(), subscription_id, delivery_id) or abort(404)
    return render_template("events/delivery.html", found=_found(subscription_id), d=found[0], body=found[1],
                           tries=found[2], KINDS=PUBLISHED, zone=HOME_ZONE)


@room.post("/<int:subscription_id>/envios/<int:delivery_id>/otra-vez", allow=May.CHANGE_HOOKS)
def again(subscription_id: int, delivery_id: int) -> ResponseReturnValue:
    _standing(subscription_id)
    if queries.delivery(session(), subscription_id, delivery_id) is None:
        abort(404)
    actions.again(session(), current_actor().person_id, now(), subscription_id, delivery_id)
    tell(_("El aviso está saliendo otra vez. Recargar en unos segundos para ver la respuesta."))
    return redirect(url_for("events.delivery", subscription_id=subscription_id, delivery_id=delivery_id), 303)


def _found(subscription_id: int) -> SubscriptionView:
    return queries.subscription(session(), subscription_id) or abort(404)


def _standing(subscription_id: int) -> SubscriptionView:
    found = _found(subscription_id)
    if found.ended_at:
        abort(409, description=Reason(_("Esta suscripción terminó. Crear otra si hace falta.")))
    return found


def _secret(subscription_id: int, secret: str, title: str, changed: bool = False) -> str:
    """The only page that ever shows it; it is kept by no cache and in no cookie."""
    return render_template("events/secret.html", found=_found(subscription_id), secret=secret, title=title,
                           changed=changed, hours=int(OVERLAP.total_seconds() // 3600))


def _page(found: SubscriptionView, form: SinceForm) -> str:
    state = request.args.get("estado", "")
    rows = queries.deliveries(session(), found.id, STATES.get(state, ""), request.args.get("antes", type=row_number))
    return render_template(
        "events/subscription.html", found=found, form=form, rows=rows[:queries.PAGE], KINDS=PUBLISHED, zone=HOME_ZONE,
        older=rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None, state=state,
        secrets=queries.secrets(session(), found.id), failures=queries.failures(session(), found.id),
        pause_after=PAUSE_AFTER, at=now())
