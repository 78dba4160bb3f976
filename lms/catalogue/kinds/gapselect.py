"""Select missing words: each gap of a text is a drop-down of its group's words, which may be used again."""

from lms.catalogue.kinds.gapped import Worded


class GapSelect(Worded):
    """Fields `q.<gap>`: the id of the word. The answer is each gap's word: {"1":"b"}; see gapped.py for the text."""
    name = "gapselect"
    label = "Elegir las palabras que faltan"
    reuses = True
