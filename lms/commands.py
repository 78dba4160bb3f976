"""The front door for the terminal: `lms …`. Each room brings its own commands; this file only gathers them."""

import click
from flask import Flask
from flask.cli import ScriptInfo

from lms import create_app
from lms.actas.commands import actas
from lms.attempts.commands import answers, receipts
from lms.catalogue.commands import courses
from lms.catalogue.question_commands import questions
from lms.certificates.commands import certificates
from lms.cohorts.commands import roster
from lms.credits.commands import credits
from lms.foundation.commands import doctor, map_, migrate, serve, work
from lms.grading.worklist import prepare as work_list
from lms.home.commands import demo, prepare
from lms.people.commands import office
from lms.seals.commands import seals


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """The learning management system of the diploma. Settings: LMS_INSTANCE, LMS_DATABASE, LMS_URL, LMS_SMTP, PORT."""


for command in (serve, work, migrate, demo, office, courses, questions, roster, credits, certificates, actas, receipts,
                answers, seals, map_, doctor):
    commands.add_command(command)


def main() -> None:
    """What the installed script `lms` calls; the app is made only by a command that needs it."""
    commands(obj=ScriptInfo(create_app=_app), prog_name="lms")


def _app() -> Flask:
    app = create_app()
    app.extensions["preparations"] += [prepare, work_list]
    return app
