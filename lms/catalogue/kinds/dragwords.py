"""Drag words into a text. A word fills one gap, unless it is unlimited or the key of several gaps."""

from lms.catalogue.kinds.gapped import Worded


class DragWords(Worded):
    """Fields `q.<gap>`: the id of the word. The answer is each gap's word: {"1":"b"}; see gapped.py for the text."""
    name = "dragwords"
    label = "Arrastrar palabras al texto"
    drags = True
