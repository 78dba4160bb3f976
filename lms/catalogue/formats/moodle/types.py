"""Moodle's names of question types: who reads and writes each, which are plug-ins we do not have."""

from collections.abc import Callable

from lms.catalogue.formats.moodle import choices, gaps, numbers, orders, pictures, words
from lms.catalogue.formats.moodle.reading import Reading, Taken
from lms.catalogue.formats.moodle.writing import Writing

READERS: dict[str, Callable[[Reading], Taken | None]] = {
    "multichoice": choices.read_choice, "multichoiceset": choices.read_choice, "truefalse": choices.read_truefalse,
    "shortanswer": words.read_short, "essay": words.read_essay, "description": words.read_description,
    "numerical": numbers.read_numerical, "calculated": numbers.read_calculated,
    "calculatedsimple": numbers.read_calculated, "calculatedmulti": numbers.read_calculated,
    "matching": orders.read_matching, "match": orders.read_matching, "ordering": orders.read_ordering,
    "randomsamatch": orders.read_random_matching, "cloze": gaps.read_cloze, "multianswer": gaps.read_cloze,
    "gapselect": gaps.read_gaps, "ddwtos": gaps.read_gaps,
    "ddimageortext": pictures.read_dragimage, "ddmarker": pictures.read_markers}

# our kind -> Moodle's type and who writes it
WRITERS: dict[str, tuple[str, Callable[[Writing], None]]] = {
    "single": ("multichoice", choices.write_choice), "multiple": ("multichoice", choices.write_choice),
    "truefalse": ("truefalse", choices.write_truefalse), "short": ("shortanswer", words.write_short),
    "essay": ("essay", words.write_essay), "description": ("description", words.write_description),
    "numerical": ("numerical", numbers.write_numerical), "calculated": ("calculated", numbers.write_calculated),
    "calculatedsimple": ("calculatedsimple", numbers.write_calculated),
    "calculatedmulti": ("calculatedmulti", numbers.write_calculated), "matching": ("matching", orders.write_matching),
    "ordering": ("ordering", orders.write_ordering), "randommatching": ("randomsamatch", orders.write_random_matching),
    "cloze": ("cloze", gaps.write_cloze), "gapselect": ("gapselect", gaps.write_gaps),
    "dragwords": ("ddwtos", gaps.write_gaps), "dragimage": ("ddimageortext", pictures.write_dragimage),
    "markers": ("ddmarker", pictures.write_markers)}

PRESENT_IS_YES = frozenset({"ddimageortext", "ddmarker"})       # <shuffleanswers/> there or not
SHUFFLED = frozenset({"multichoice", "matching", "gapselect", "ddwtos", "calculatedmulti", "randomsamatch"})

PLUGINS = {
    "random": "pregunta al azar", "order": "ordenamiento antiguo", "stack": "STACK", "formulas": "Formulas",
    "coderunner": "CodeRunner", "pmatch": "Pattern match", "gapfill": "Gapfill", "wordselect": "Word select",
    "regexp": "Regular expression", "kprime": "K-Prime", "mtf": "Multiple true/false", "sc": "ETH single choice",
    "matrix": "Matrix", "multinumerical": "Multinumerical", "oumultiresponse": "OU multiple response",
    "opaque": "Opaque", "crossword": "Crossword", "recordrtc": "Record audio/video", "geogebra": "GeoGebra",
    "drawing": "Drawing", "varnumeric": "Variable numeric", "varnumericset": "Variable numeric set",
    "varnumunit": "Variable numeric with units", "essayautograde": "Essay (auto-grade)", "aitext": "AI text",
    "combined": "Combined", "wiris": "Wiris", "shortanswerwiris": "Wiris", "multichoicewiris": "Wiris",
    "essaywiris": "Wiris", "matchwiris": "Wiris", "truefalsewiris": "Wiris", "multianswerwiris": "Wiris",
    "jme": "Java molecular editor", "molsimilarity": "Molecular similarity", "musictheory": "Music theory",
    "vplquestion": "VPL", "mojomatch": "Mojomatch", "easyoname": "EasyOChem", "flwarrior": "FL Warrior"}
