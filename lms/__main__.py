"""`python -m lms …` is the command `lms …`."""

from lms.commands import main

main()
