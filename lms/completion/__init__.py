"""Completion: one pure verdict: complete, or exactly what is missing and what to do next."""

# routes: once the rooms below are there
