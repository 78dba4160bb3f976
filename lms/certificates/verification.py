"""The public pages: is this paper true? Answered from the register, never from what a file says of itself."""

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import queries
from lms.certificates.forms import VerifyForm
from lms.certificates.queries import CertificateView, Checked
from lms.certificates.routes import room
from lms.certificates.rules import Mistyped, grouped, public, read_code, read_folio
from lms.foundation.clock import now
from lms.foundation.database import database
from lms.foundation.doors import OPEN
from lms.foundation.errors import Reason
from lms.foundation.language import _
from lms.people.rules import HOME_ZONE

LARGEST = 5 << 20               # bytes of a file to compare


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
    if len(content) > LARGEST:
        return _page("verify.html", 413, form=VerifyForm(), file_error=_(
            "El archivo pasa de 5 MB y un certificado nunca es tan grande. Elegir el PDF que se recibió."))
    with database().reading() as reading:           # a stranger's question never takes the lock for writing
        checked = queries.check_file(reading, content)
    return _answer(checked)


@room.get("/v/<folio>/<code>", allow=OPEN)
def verified(folio: str, code: str) -> ResponseReturnValue:
    _keep_pace()
    try:
        folio, code = read_folio(folio), read_code(code)
    except Mistyped:
        return _page("not_found.html", 404, form=VerifyForm())
    with database().reading() as reading:
        certificate = queries.found(reading, folio, code)
    return _state(certificate) if certificate else _page("not_found.html", 404, form=VerifyForm())


def _answer(checked: Checked) -> ResponseReturnValue:
    """What the register says of a file, on the page that says it best."""
    if checked.answer == "empty":
        return _page("verify.html", 422, form=VerifyForm(), file_error=_(
            "No llegó ningún archivo, o está vacío. Elegir el PDF del certificado."))
    if checked.answer == "not_pdf":
        return _page("verify.html", 422, form=VerifyForm(), file_error=_(
            "El archivo no es un PDF. Si tiene una foto o una copia impresa, verificar con el folio y el código."))
    if checked.certificate is None:
        return _page("unknown_file.html", form=VerifyForm(), sha256=checked.sha256)
    if checked.answer == "altered":
        return _page("altered.html", form=VerifyForm(), sha256=checked.sha256, certificate=checked.certificate)
    return _state(checked.certificate, same_file=True)


def _state(certificate: CertificateView, same_file: bool = False) -> Response:
    return _page("verified.html", form=VerifyForm(), certificate=certificate, shown=public(certificate.snapshot),
                 state=certificate.state, end=certificate.end, same_file=same_file, now=now(), zone=HOME_ZONE,
                 code=grouped(certificate.code))


def _page(template: str, status: int = 200, **values: object) -> Response:
    """No search engine lists these pages, and no other site learns their addresses, which hold the code."""
    html = render_template(f"certificates/{template}", **{"file_error": "", **values})
    response = make_response(html, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _keep_pace() -> None:
    if not current_app.extensions["verification_pace"].allows(request.remote_addr or "", now().timestamp()):
        abort(429, description=Reason(_("Se hicieron muchas verificaciones seguidas desde esta conexión.")))
