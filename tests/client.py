"""A browser for tests that proof-reads every page: one h1, a title that begins with it, labels, no inline script."""

import re

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.world import World


class Client(FlaskClient):
    """Flask's client that brings the CSRF token with each POST and reads each page it gets."""

    def __init__(self, app: Flask):
        super().__init__(app, app.response_class, use_cookies=True)
        self.environ_base["REMOTE_ADDR"] = "127.0.0.1"

    def sign_in(self, world: World, name: str) -> None:
        world.sign_in(self, name)

    def open(self, *args, **kwargs) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303) and response.data:
            proofread(response)
        return response

    def send(self, url: str, data: dict | None = None, **kwargs) -> TestResponse:
        """POST with the token a page of this session would have carried."""
        return self.post(url, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def token(self) -> str:
        page = super().open("/ingresar")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
        return found[1] if found else ""


def proofread(response: TestResponse) -> None:
    """What is wrong on any page is wrong on every page: refuse it at once."""
    page = html.document_fromstring(response.get_data(as_text=True))
    heads = [h.text_content().strip() for h in page.iter("h1")]
    assert len(heads) == 1, f"one h1 a page, here {heads}"
    title = page.findtext(".//title") or ""
    assert title.startswith(heads[0][:60]) or heads[0] in title or response.status_code >= 400, f"title {title!r} does not begin with h1 {heads[0]!r}"
    ids = [e.get("id") for e in page.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for element in page.iter("input", "select", "textarea"):
        if element.get("type") in ("hidden", "submit"):
            continue
        labelled = element.get("aria-label") or (element.get("type") == "image" and element.get("alt")) or element.get("aria-labelledby") or any(True for _ in element.iterancestors("label")) \
            or page.xpath("//label[@for=$i]", i=element.get("id") or "-")
        assert labelled, f"no label: {html.tostring(element)[:120]!r}"
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert not element.get("style"), f"inline style: {html.tostring(element)[:120]!r}"
        assert not [a for a in element.attrib if a.startswith("on")], f"inline handler: {html.tostring(element)[:120]!r}"
        assert element.tag != "script" or element.get("src") or element.get("type") == "application/ld+json" or page.xpath("//meta[@http-equiv='Content-Security-Policy']"), \
            "inline script"         # but for the page that is to be saved, which carries a policy of its own
        for name in ("aria-labelledby", "aria-describedby"):
            for wanted in (element.get(name) or "").split():
                assert wanted in ids, f"{name} names {wanted!r}, which is not on the page"
    for form in page.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            assert form.xpath(".//input[@name='csrf_token']"), f"a form without its token: {form.get('action')}"
    assert "{{" not in response.get_data(as_text=True) and "None<" not in response.get_data(as_text=True)
