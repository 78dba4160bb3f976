"""The first page of each kind of person, and the public pages."""

from flask import render_template

from lms.foundation.doors import OPEN, SIGNED_IN, Room

room = Room("home", __name__)


@room.get("/", allow=OPEN)
def front():
    return render_template("home/front.html")


@room.get("/inicio", allow=SIGNED_IN)
def start():
    return render_template("home/front.html")


@room.get("/ayuda", allow=OPEN)
def help():
    return render_template("home/front.html")


@room.get("/accesibilidad", allow=OPEN)
def accessibility():
    return render_template("home/front.html")


@room.get("/datos-personales", allow=OPEN)
def privacy():
    return render_template("home/front.html")
