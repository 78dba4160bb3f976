"""Going from page to page as one person with axe, a phone, a desk and a night lamp at hand, gathering what is wrong."""

import os
from datetime import date

from tests.browser.live import faults, wide

SEED = int(os.environ.get("LMS_TEST_SEED") or date.today().toordinal())     # what is not looked at today is tomorrow
LOOKS = (360, "light"), (1280, "dark"), (360, "dark"), (1280, "light")
HEIGHT = 740
EMPTIED = """form => {
    form.noValidate = true;
    for (const field of form.elements) {
        if (/radio|checkbox/.test(field.type)) field.checked = false;
        else if (field.tagName == "SELECT") field.selectedIndex = 0;
        else if (!/hidden|submit|button|file/.test(field.type)) field.value = "";
    }
    form.requestSubmit();
}"""


class Walk:
    """One person's browser. `found` is what is wrong, in words; `kinds` the pages that need no closer look."""

    def __init__(self, context):
        self.page, self.found, self.kinds, self.looked = context.new_page(), [], set(), SEED
        self.page.on("pageerror", lambda error: self.found.append(f"{self.page.url} {error}"))
        self.page.on("console", self.hear)

    def hear(self, line):
        refusal = "the server responded with a status of" in line.text and line.location["url"].split("#")[0] in (
            self.page.url, self.page.url.split("?")[0])
        if line.type in ("error", "warning") and not refusal:
            self.found.append(f"{self.page.url} console: {line.text}")

    def go(self, url, kind="", looks=2, status=200):
        """Open a page and look at it; closely, unless one of its kind has been looked at on this walk."""
        answer = self.page.goto(url)
        if answer.status != status:
            self.found.append(f"{url} {answer.status}, not {status}")
        self.look(0 if kind in self.kinds else looks)
        self.kinds |= {kind} if kind else set()

    def send(self, url, action="", status=422):
        """Send a form of a page with nothing in it, and look at what comes back."""
        self.page.goto(url)
        with self.page.expect_navigation() as gone:
            self.page.locator(f"main form[action$='{action}']" if action else "main form[method=post]").first.evaluate(EMPTIED)
        if gone.value.status != status:
            self.found.append(f"{url} sent empty: {gone.value.status}, not {status}")
        self.look(1)

    def look(self, looks=1):
        """The page as it stands, at three widths; by axe in one or two of the four looks, others the next day."""
        first = self.looked % 2 if looks == 1 else SEED % 2 * 2
        self.looked += 1
        for width, scheme in LOOKS[first:first + looks]:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.emulate_media(color_scheme=scheme)
            self.found += faults(self.page)
        for width in (1280, 360, 320):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.found += wide(self.page)
