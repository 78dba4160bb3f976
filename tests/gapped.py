"""Questions with gaps and pictures, for tests: one of each kind, about cooperation between municipalities."""

from lms.catalogue import cloze_notation
from lms.catalogue.kinds.cloze import Cloze
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.kinds.markers import Marker, Place, Spots
from lms.catalogue.rules import Question

MAP = f"/medios/{'a' * 64}.png"
SHIELD = f"/medios/{'b' * 64}.png"
ALT = "Mapa mudo de Chile y Argentina con sus regiones."

SELECT = Question(
    "redes", "gapselect", "<p>La [[1]] tiene su sede en [[3]] y la [[2]] en [[4]].</p>",
    body=stock([("UIM", 1, False), ("FLACMA", 1, False), ("Granada", 2, False), ("Quito", 2, False),
                ("CGLU", 1, False), ("Lima &amp; Callao", 2, False)]))
WORDS = Question(
    "paris", "dragwords", "<p>Los principios de París: [[1]], [[2]] y mutua [[3]]; los de Accra también.</p>",
    body=stock([("apropiación", 1, False), ("alineación", 1, False), ("responsabilidad", 1, False),
                ("condicionalidad", 1, False), ("<em>deuda</em>", 1, True)]))
CLOZE_TEXT = (
    "<p>La SUBDERE depende del Ministerio del {1:SHORTANSWER:=Interior#Así es.~%50%Gobierno} y la meta de ayuda es "
    "{2:NUMERICAL:=0.7:0.05#Del INB.} %. El PABA es de {1:MULTICHOICE_S:=1978~2005#Ese año fue París.~%-50%1800}.</p>"
    "<p>Son redes: {2:MULTIRESPONSE:=CGLU~=UIM~SUBDERE}</p>"
    "<p>La sede de la UIM: {1:MULTICHOICE_H:=Granada~Quito}</p>")
FOUND = cloze_notation.read(CLOZE_TEXT)
CLOZE = Question("marco", "cloze", FOUND.text, body=Cloze(FOUND.parts))
IMAGE = Question(
    "mapa", "dragimage", "<p>Ponga cada ciudad en su país.</p>",
    body=Picture(MAP, 600, 400, (
        Drag("c", "Temuco"), Drag("a", "Neuquén"), Drag("b", "Pucón"), Drag("d", "Escudo de Villarrica", 2, True, SHIELD, 48, 60)),
        (Zone("1", 60, 80, "c", "Chile, norte de la región"), Zone("2", 380, 120, "a", "Argentina"),
         Zone("3", 90, 240, "d", "Lago")), ALT))
MARKERS = Question(
    "volcanes", "markers", "<p>Marque los volcanes y el paso.</p>",
    body=Spots(MAP, 600, 400, (Marker("b", "Volcán", 0), Marker("a", "Paso", 1), Marker("c", "Puerto", 1)), (
        Place("1", "circle", "100,100;20", "b"), Place("2", "rectangle", "200,200;80,40", "b"),
        Place("3", "polygon", "400,100;500,100;450,200", "a")), True, ALT))
QUESTIONS = (SELECT, WORDS, CLOZE, IMAGE, MARKERS)
BY_NAME = {q.id: q for q in QUESTIONS}
