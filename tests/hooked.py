"""What the pages of hooks show: a subscription with what it was sent, one that is paused, and a system that pushes. Rows
written directly; nothing here ever calls out."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from lms.credits.models import PushDelivery, PushSecret, PushSource, SourcePull
from lms.credits.receiving import about as pushed
from lms.events.calling import Caller
from lms.events.delivering import about
from lms.events.models import Delivery, DeliveryTry, Subscription, SubscriptionSecret
from lms.foundation.webhooks import secret_of
from tests.world import World

SECRET = secret_of(b"0123456789abcdef0123456789abcdef")
NAME = "registro-unq"
PAGES = ["/ganchos/salidas/2", "/ganchos/salidas/2/envios/2"]


def furnish(app: Flask, world: World, s: Session) -> None:
    app.extensions["caller"] = Caller(resolve=lambda host, port: [])        # no name leads anywhere
    vault, then, olga = app.extensions["vault"], world.now - timedelta(days=2), world.people["olga"]
    s.add(Subscription(id=1, name="Registro académico de la universidad", address="https://avisos.example.org/diplomado",
                       kinds="acta.closed internship.reopened", created_at=then, created_by=olga))
    s.add(Subscription(id=2, name="Portal de la asociación", address="https://portal.example.org/ganchos/entrada?canal=egl",
                       kinds="internship.reopened", created_at=then, created_by=olga, paused_at=world.now,
                       paused_why="12 envíos seguidos fallaron. El último: No respondió a tiempo."))
    s.add(PushSource(id=1, name=NAME, title="Registro de pasantías de la UNQ", kinds="attendance internship", made_at=then,
                     made_by=olga))
    s.flush()
    for number in (1, 2):
        s.add(SubscriptionSecret(id=number, subscription_id=number, sealed=vault.seal(SECRET, about(number)), made_at=then))
        s.add(Delivery(id=number, subscription_id=number, line_id=None, kind="ping", message_id=f"msg_{number}",
                       created_at=then, tries=1, next_at=None, done_at=then if number == 1 else None))
    s.add(PushSecret(id=1, source_id=1, sealed=vault.seal(SECRET, pushed(1)), made_at=then))
    s.add(PushDelivery(id=1, source_id=1, message_id="msg_1", body_sha256="0" * 64, received_at=then, status=200,
                       code="recorded", answer='{"result": "recorded"}', kind="attendance.recorded", reference="a1"))
    s.add(PushDelivery(id=2, source_id=1, message_id="msg_2", body_sha256="1" * 64, received_at=then, status=422, code="refused",
                       answer='{"detail": "Nadie con ese correo está en CL-2027."}', kind="attendance.recorded", reference="a2"))
    for cohort, error in ((1, ""), (2, "ConnectionError: no responde")):
        s.add(SourcePull(source="pasantias", cohort_id=cohort, pulled_at=then, taken=0 if error else 2, known=0, error=error,
                         refused="[]" if error else '[["p3", "Nadie con ese correo está en CL-2027."]]',
                         refused_count=0 if error else 1, ms=120, asked_by="person"))
    s.flush()
    s.add(DeliveryTry(id=1, delivery_id=1, subscription_id=1, at=then, status=200, good=True, answer="recibido", ms=85))
    s.add(DeliveryTry(id=2, delivery_id=2, subscription_id=2, at=then, status=None, good=False, ms=10000,
                      error="No respondió a tiempo."))
