"""Catalogue: reads courses/, refuses faults, and keeps editions of programmes."""

from lms.catalogue import models, routes  # noqa: F401
