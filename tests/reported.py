"""A report of a seminar's first session as the office sent it: Ana is in it by her name, and a telephone that may be hers."""

from hashlib import sha256
from io import BytesIO

from flask import Flask
from sqlalchemy.orm import Session

from lms.seminars.models import AttendanceReport
from tests.seminared import S1, SEMINAR
from tests.world import NOW

NAME = "participantes.csv"
CONTENT = """Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,En sala de espera
Ana Pérez Soto,,12/05/2027 10:00:00,12/05/2027 11:00:00,60,No,No
iPhone de Ana,,12/05/2027 11:00:00,12/05/2027 11:20:00,20,Sí,No
""".encode()


def sent(app: Flask, session: Session) -> None:
    """Report 1, still to be confirmed."""
    app.extensions["files"].put(BytesIO(CONTENT), len(CONTENT))
    session.add(AttendanceReport(id=1, seminar_id=SEMINAR, session_id=S1, file_name=NAME, sha256=sha256(CONTENT).hexdigest(),
                                 platform="zoom", uploaded_at=NOW))
    session.flush()
