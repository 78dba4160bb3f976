"""The public pages: is this paper true? Answered from the register, never from what a file says of itself."""

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lms.actas import queries as actas
from lms.badges import queries as badges
from lms.badges.wording import WORDS
from lms.certificates import offline as saved
from lms.certificates import queries
from lms.certificates.checking import LARGEST, Bench, Finding
from lms.certificates.forms import VerifyForm
from lms.certificates.queries import CertificateView, DatabaseRegister
from lms.certificates.routes import room
from lms.certificates.rules import Mistyped, grouped, public, read_code, read_folio
from lms.foundation.clock import now
from lms.foundation.database import database
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.files import store
from lms.foundation.language import _, current_language
from lms.people.rules import HOME_ZONE
from lms.seals.queries import ring
from lms.seals.wording import problem_words

# The saved page runs a script of its own: even where it is served from here, it shares nothing with this site.
APART = "frame-ancestors 'none'; sandbox allow-scripts allow-forms"


@room.get("/verificar", allow=OPEN)
def verify() -> ResponseReturnValue:
    if "folio" not in request.args and "codigo" not in request.args:
        return _page("verify.html", form=VerifyForm())
    _keep_pace()
    form = VerifyForm(request.args)
    if form.validate():
        return redirect(url_for("certificates.verified", folio=form.folio.data, code=form.codigo.data), 303)
    return _page("verify.html", 422, form=form)


@room.post("/verificar/archivo", allow=OPEN)
def verify_file() -> ResponseReturnValue:
    _keep_pace()
    sent = request.files.get("file")
    content = sent.stream.read(LARGEST + 1) if sent else b""
    with database().reading() as reading:           # a stranger's question never takes the lock for writing
        finding = bench(reading).check(content, now())
    return _answer(finding)


@room.get("/verificar/sin-conexion.html", allow=OPEN)
def offline() -> ResponseReturnValue:
    """A page to be saved, that checks what a QR code says without this server."""
    _keep_pace()
    with database().reading() as reading:
        page = saved.page(saved.known(reading, ring(), now(), current_app.config["URL"]), current_language()[:2])
    response = Response(page.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{page.policy}; {APART}"
    return response


@room.get("/v/<folio>/<code>", allow=OPEN)
def verified(folio: str, code: str) -> ResponseReturnValue:
    _keep_pace()
    try:
        folio, code = read_folio(folio), read_code(code)
    except Mistyped:
        return _page("not_found.html", 404, form=VerifyForm())
    with database().reading() as reading:
        certificate = queries.found(reading, folio, code)
        acta = None if certificate else actas.by_code(reading, folio, code)
    if acta:
        return redirect(url_for("actas.verified", folio=folio, code=code), 303)
    return _state(certificate) if certificate else _page("not_found.html", 404, form=VerifyForm())


def bench(session: Session) -> Bench:
    """What checking needs of this installation."""
    return Bench(DatabaseRegister(session, store()), ring(),
                 badges.own(badges.issuing(current_app.config["URL"]), badges.ring()))


def _answer(finding: Finding) -> ResponseReturnValue:
    """What is known of a file, on the page that says it best."""
    if finding.answer == "empty":
        return _page("verify.html", 422, form=VerifyForm(), file_error=_(
            "No llegó ningún archivo, o está vacío. Elegir el PDF del certificado."))
    if finding.answer == "too_large":
        return _page("verify.html", 413, form=VerifyForm(), file_error=_(
            "El archivo pasa de 5 MB y un certificado nunca es tan grande. Elegir el PDF que se recibió."))
    if finding.answer == "other":
        return _page("verify.html", 422, form=VerifyForm(), file_error=_(
            "El archivo no es un PDF ni una insignia. Si tiene una foto o una copia impresa, verificar con el folio y "
            "el código."))
    if finding.genuine:
        return _state(finding.certificate, finding)
    if finding.answer in ("acta", "acta_rectified"):
        return _apart(render_template("actas/verified.html", acta=finding.acta, later=finding.rectified_by, file=True,
                                      zone=HOME_ZONE))
    return _page("file.html", form=VerifyForm(), finding=finding, certificate=finding.certificate, zone=HOME_ZONE,
                 problem_words=problem_words, badge_words=WORDS)


def _state(certificate: CertificateView, finding: Finding | None = None) -> Response:
    return _page("verified.html", form=VerifyForm(), certificate=certificate, shown=public(certificate.snapshot),
                 state=certificate.state, end=certificate.end, finding=finding, now=now(), zone=HOME_ZONE,
                 code=grouped(certificate.code), problem_words=problem_words, badge_words=WORDS)


def _page(template: str, status: int = 200, **values: object) -> Response:
    return _apart(render_template(f"certificates/{template}", **{"file_error": "", **values}), status)


def _apart(html: str, status: int = 200) -> Response:
    """No search engine lists these pages, and no other site learns their addresses, which hold the code."""
    response = make_response(html, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _keep_pace() -> None:
    if not current_app.extensions["verification_pace"].allows(request.remote_addr or "", now().timestamp()):
        abort(429, description=Reason(_("Se hicieron muchas verificaciones seguidas desde esta conexión.")))
