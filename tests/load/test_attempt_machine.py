"""Answering, losing, repeating, several devices, the clock and the bell in any order: the short form of `./dev soak`'s."""

from hypothesis.stateful import run_state_machine_as_test

from tests.attempt_machine import machine, playing

EXAMPLES, STEPS = 60, 40


def test_the_server_holds_what_a_plain_list_says(app, world):
    run_state_machine_as_test(machine(app, world), settings=playing(EXAMPLES, STEPS, derandomize=True))
