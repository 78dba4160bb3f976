"""What persons do in more than one test: press, follow, sign an acta; and the page that was saved to check links with."""

from tests.world import PASSWORD


def press(page, words):
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def follow(page, words):
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=words).first.click()


def sign(walk, url, looks=2):
    """One of its instructors signs this acta, giving the password again."""
    walk.page.goto(url)
    follow(walk.page, "Revisar y firmar")
    walk.look(looks)
    walk.page.get_by_label("Su contraseña, otra vez").fill(PASSWORD)
    press(walk.page, "Firmar el acta")
    assert "Acta firmada" in walk.page.locator("main").inner_text()


def close(walk, url, looks=2):
    walk.page.goto(url)
    follow(walk.page, "Cerrar el acta")
    walk.look(looks)
    walk.page.get_by_label("Su contraseña, otra vez").fill(PASSWORD)
    press(walk.page, "Cerrar con folio")


def saved_page(chromium, client, file, language="es"):
    """Saves the offline page as it is today and opens the file in a browser without any network: (context, page)."""
    file.write_bytes(client.get("/verificar/sin-conexion.html", headers={"Accept-Language": language}).data)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.told = []
    page.on("console", lambda told: page.told.append(told.text))
    page.on("pageerror", lambda wrong: page.told.append(str(wrong)))
    page.goto(file.as_uri())
    return context, page


def asked(page, link):
    """What the saved page says of a link: (title, all of it)."""
    page.fill("#link", link)
    page.evaluate("document.getElementById('result').hidden = true")
    page.click("#form button")
    page.wait_for_selector("#result:not([hidden])")
    return page.inner_text("#verdict h2"), page.inner_text("#result")
