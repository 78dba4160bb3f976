"""The mail this room sends: that there is something new to see, never the grade itself."""

SIGNATURE = "\n\nEscuela de Gobierno Local\nAsociación de Municipalidades de Chile\n"
ITEMS = {"quiz": "del control", "task": "de la tarea"}


def published(name: str, module: str, title: str, item: str, url: str) -> tuple[str, str]:
    return f"Se publicó la corrección {ITEMS[item]} de {module}", (
        f"{name}:\n\nYa se puede ver la corrección {ITEMS[item]} del módulo {module}, {title}, con los comentarios y "
        f"la nota en las dos escalas:\n\n{url}" + SIGNATURE)
