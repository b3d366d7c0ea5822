"""`python -m savoir.command`, as the supervisor calls it."""

from savoir.command.main import main

main()
