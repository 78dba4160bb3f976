"""Registrations at every state, an invitation and a delegation with known links: what makes the forms of registering appear."""

from datetime import timedelta

from lms.people.queries import token_hash
from lms.seminars import asking
from lms.seminars.letters import Desk
from lms.seminars.models import Delegation, Registration, RegistrationEvent, SeminarInvitation
from tests.seminared import SEMINAR, registered, sequences

OFFERED, CANCELLED, WAITING, MEMBER = 902, 903, 904, 905        # registrations
INVITED, GROUP, TEAM = "invitada-prueba", "grupo-prueba", "delegada-prueba"         # tokens


def more(app, session, now, olga: int) -> list[str]:
    """Addresses of the pages on which the rarer forms are."""
    asking.add_usual(session, olga, now, SEMINAR)
    for number, state in ((OFFERED, "confirmed"), (CANCELLED, "cancelled"), (WAITING, "waiting")):
        registered(session, number, state=state)
    registered(session, MEMBER, kind="member")
    session.add(RegistrationEvent(registration_id=OFFERED, kind="offered", at=now, until=now + timedelta(days=2)))
    for token, most in ((INVITED, 1), (GROUP, 5)):
        session.add(SeminarInvitation(seminar_id=SEMINAR, email=f"{token}@example.org", kind="guest", most=most,
                                      token_hash=token_hash(token), sent_at=now))
    session.add(Delegation(id=1, seminar_id=SEMINAR, institution="Municipalidad de Pucón", country="CL", contact="Rita Contacto",
                           email="rita@example.org", token_hash=token_hash(TEAM), made_at=now))
    session.flush()
    session.get_one(Registration, MEMBER).delegation_id = 1
    sequences(session)
    desk = Desk(app.config["URL"], app.config["SECRET_KEY"])
    own = [f"/seminarios/inscripcion/{desk.token(number)}" for number in (OFFERED, CANCELLED, MEMBER)]
    return [*own, f"{own[0]}/respuestas", f"/seminarios/invitacion/{INVITED}", f"/seminarios/invitacion/{GROUP}",
            f"/seminarios/delegacion/{TEAM}", *(f"/seminarios/{SEMINAR}/preguntas/{n}" for n in (1, 2, 3))]
