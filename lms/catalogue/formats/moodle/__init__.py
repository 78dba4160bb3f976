"""Moodle's question types in its XML, a file for each family: how each is read and written. The kinds know no XML."""
