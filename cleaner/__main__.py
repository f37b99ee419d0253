"""`python -m cleaner` is `cleaner`."""

from cleaner.cli import main

main()
