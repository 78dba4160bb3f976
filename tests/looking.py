"""What a test reads of the app: its rows, the mail it queued, the statements it ran, the words of a page."""

import re
from contextlib import contextmanager

from sqlalchemy import event, select

from lms.foundation.outbox import OutboxJob


def rows(app, query):
    with app.extensions["database"].reading() as session:
        return session.execute(query).all()


def one(app, query):
    with app.extensions["database"].reading() as session:
        return session.scalar(query)


def act(app, action, *args, **kwargs):
    """An action in a transaction of its own."""
    with app.extensions["database"].transaction() as session:
        return action(session, *args, **kwargs)


def mails(app):
    return [payload for (payload,) in rows(app, select(OutboxJob.payload).order_by(OutboxJob.id))]


def link_in(mail):
    return re.search(r"/enlace/[\w-]+", mail)[0]


def text(response):
    return response.get_data(as_text=True)


@contextmanager
def statements(app):
    """`with statements(app) as ran:` gathers the SQL statements run inside, BEGIN not counted."""
    ran = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            ran.append(statement)
    event.listen(app.extensions["database"].engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(app.extensions["database"].engine, "before_cursor_execute", note)
