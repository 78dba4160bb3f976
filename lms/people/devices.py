"""What a browser says it is, in words its owner would use; nothing of what it said is kept."""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
             ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"))


def words(user_agent: str) -> str:
    """ "Chrome en Android"; the first of each list that is named wins, as browsers name those they imitate."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "Navegador")
    machine = next((name for sign, name in _MACHINES if sign in user_agent), "")
    return f"{browser} en {machine}" if machine else browser
