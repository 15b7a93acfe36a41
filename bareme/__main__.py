"""`python -m bareme`: the command, where it is not on the path."""

from bareme.cli import main

if __name__ == "__main__":
    main()
