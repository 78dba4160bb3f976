"""Processes die at any moment: what was acknowledged is there, once."""
import random
from tests.killing import Server, assemble, left_in_outbox, mail_faults

def test_kill(app, world):
    server = Server(app, lease=1)
    group = assemble(app, world, server, 6, officers=2)
    with server:
        with group:
            group.killing(8, chance=random.Random(1))
        print(group.kills, group.acknowledged, group.swallowed(), [p.refused for p in group.pupils],[len(o.done) for o in group.officers], server.log())
    assert group.losses() == []
