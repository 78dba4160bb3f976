"""A question of each kind that QTI can say, as its readers give it."""

from decimal import Decimal as D
from fractions import Fraction as F
from hashlib import sha256

from lms.catalogue.kinds.cloze import Cloze, Embedded
from lms.catalogue.kinds.datasets import Calculation, Dataset, Figure
from lms.catalogue.kinds.dragimage import Drag, Picture, Zone
from lms.catalogue.kinds.essay import Essay
from lms.catalogue.kinds.gapped import stock
from lms.catalogue.kinds.ordering import Order
from lms.catalogue.kinds.short import Words
from lms.catalogue.kinds.single import Choice
from lms.catalogue.kinds.spots import Marker, Place, Spots
from lms.catalogue.rules import Media, Option, Question


def option(i, text, share=0, feedback="", match=""):
    return Option(i, text, F(share), feedback, match)


def choices(m):
    return [
        Question("s1", "single", "¿Cuál? <b>&amp;</b>", (option("c", "Uno", 1, "Bien"), option("a", "Dos", F(1, 3), "casi"), option("b", "Tres")), F(3),
                 feedback="General", said=("Sí", "Casi", "No"), name="La primera", tags=("x", "y z")),
        Question("s2", "single", f'<p>Mire:</p><p><img src="{m.path}" alt="mapa"></p>', (option("a", "A", 1), option("b", "B", F(-1, 2))), media=(m,),
                 shuffle=False),
        Question("t1", "truefalse", "¿Es?", (option("true", "Verdadero", 0, "mal"), option("false", "Falso", 1, "bien")), shuffle=False),
        Question("m1", "multiple", "Varias", (option("a", "A", F(1, 2)), option("b", "B", F(1, 2), "fb"), option("c", "C", -1)), F(2)),
        Question("m2", "multiple", "Todas", (option("a", "A", F(1, 2)), option("b", "B", F(1, 2)), option("c", "C")), body=Choice(all_or_nothing=True)),
        Question("m3", "multiple", "Perdona", (option("a", "A", F(1, 3)), option("b", "B", F(2, 3)), option("c", "C")))]


def words():
    return [
        Question("h1", "short", "Capital", (option("b", "Santiago", 1, "eso"), option("a", "Lima", F(1, 2))), body=Words(case=True, accents=True)),
        Question("h2", "short", "Otra", (option("a", "Bogotá", 1),)),
        Question("n1", "numerical", "¿Cuánto?", (option("a", "", 1, "exacto"), option("b", "", F(1, 2))), F(2),
                 numbers=((D("3.14"), D("0.01"), F(1)), (D("3"), D("0.125"), F(1, 2)))),
        Question("p1", "matching", "Pares", (option("a", "Chile", 1, match="Santiago"), option("c", "Perú", 1, match="Lima"),
                                             option("b", "Ecuador", 1, match="Quito"), option("z1", "", 1, match="Bogotá"))),
        Question("o1", "ordering", "Ordene", (option("c", "uno", 1), option("a", "dos", 1), option("b", "tres", 1)), F(3)),
        Question("o2", "ordering", "Ordene todo", (option("c", "uno", 1), option("a", "dos", 1), option("b", "tres", 1)), body=Order("all_or_nothing")),
        Question("e1", "essay", "Escriba", (), F(5)),
        Question("e2", "essay", "Suba", (), F(5), body=Essay(text="none", attachments=1, required=1)),
        Question("e3", "essay", "Escriba más", (), F(5), body=Essay(lines=20, grader_note="ojo")),
        Question("d1", "description", "<h3>Título</h3><p>Texto</p>", (), F(0)),
        Question("q1", "calculated", "Sume {a} y {b}", (option("a", "{a}+{b}", 1),), F(2), body=Calculation(
            (Dataset("a", (D(1), D(2)), least=D(1), most=D(5), decimals=0), Dataset("b", (D(3), D(4)), least=D(1), most=D(5), decimals=0)),
            (Figure(D("0.1"), "nominal", 1),)))]


def part(i, kind, options, weight=1, layout="line", **more):
    return Embedded(i, F(weight), Question(i, kind, "", tuple(options), **more), layout)


def places(m):
    return [
        Question("g1", "gapselect", "El [[1]] maúlla, el [[3]] ladra.", (), F(2),
                 body=stock([("gato", 1, False), ("pez", 1, False), ("perro", 2, False), ("ave", 2, False)])),
        Question("w1", "dragwords", "El [[1]] maúlla y el [[2]] ladra.", (), F(2), body=stock([("gato", 1, False), ("perro", 1, False), ("pez", 1, True)])),
        Question("c1", "cloze", "Capital {#1}, país {#2} y número {#3}.", (), F(3), body=Cloze((
            part("1", "short", [option("a", "Quito", 1)], body=Words(accents=True)),
            part("2", "single", [option("a", "Chile", 1), option("b", "Perú")], 2, "list"),
            part("3", "numerical", [option("a", "", 1)], numbers=((D("5"), D("1"), F(1)),))))),
        Question("c2", "cloze", "Solo {#1} y {#2}.", (), F(2), body=Cloze((
            part("1", "single", [option("a", "Chile", 1, "fb"), option("b", "Perú")], 1, "column"),
            part("2", "multiple", [option("a", "A", F(1, 2)), option("b", "B", F(1, 2)), option("c", "C", -1)], 1, "column")))),
        Question("i1", "dragimage", "Arrastre", (), F(2), media=(m,), body=Picture(
            m.path, 200, 100, (Drag("a", "norte"), Drag("b", "sur")), (Zone("1", 10, 10, "a", "arriba"), Zone("2", 10, 60, "b")), "Un mapa")),
        Question("k1", "markers", "Marque", (), F(1), media=(m,), body=Spots(
            m.path, 200, 100, (Marker("a", "Marca", 1),), (Place("1", "circle", "50,50;10", "a"),), False, "Un mapa")),
        Question("k2", "markers", "Marque dos", (), F(1), media=(m,), body=Spots(
            m.path, 200, 100, (Marker("a", "Marca", 0),),
            (Place("1", "rectangle", "10,10;20,20", "a"), Place("2", "polygon", "100,10;120,10;110,40", "a")), False, "Un mapa"))]


def samples(picture: bytes) -> tuple[list[Question], dict[str, bytes]]:
    """The questions and their files."""
    m = Media("mapa.png", sha256(picture).hexdigest(), len(picture))
    return [*choices(m), *words(), *places(m)], {m.sha256: picture}
