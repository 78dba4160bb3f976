"""The editors of questions: one for each kind that can be written in the browser."""

from lms.bank.editors.choices import MultipleEditor, ShortEditor, SingleEditor, TrueFalseEditor
from lms.bank.editors.editor import Editor
from lms.bank.editors.gaps import ClozeEditor, DragWordsEditor, GapSelectEditor
from lms.bank.editors.numbers import (
    CalculatedEditor,
    CalculatedMultiEditor,
    CalculatedSimpleEditor,
    NumericalEditor,
)
from lms.bank.editors.pairs import MatchingEditor, OrderingEditor, RandomMatchingEditor
from lms.bank.editors.pictures import DragImageEditor, MarkersEditor
from lms.bank.editors.words import DescriptionEditor, EssayEditor

# In the order in which a page offers them: the usual ones first.
EDITORS: dict[str, Editor] = {editor.kind: editor for editor in (
    SingleEditor(), MultipleEditor(), TrueFalseEditor(), ShortEditor(), NumericalEditor(), MatchingEditor(),
    OrderingEditor(), EssayEditor(), GapSelectEditor(), DragWordsEditor(), ClozeEditor(), DragImageEditor(),
    MarkersEditor(), CalculatedEditor(), CalculatedSimpleEditor(), CalculatedMultiEditor(), RandomMatchingEditor(),
    DescriptionEditor())}

__all__ = ["EDITORS", "Editor"]
