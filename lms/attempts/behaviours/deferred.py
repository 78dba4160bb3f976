"""Deferred feedback: answers are kept, and all is marked when the attempt is handed in."""

from lms.attempts.behaviours.behaviour import Behaviour


class Deferred(Behaviour):
    name = "deferred"
    label = "Al entregar"
    hint = "Se responde todo y se corrige al entregar."
