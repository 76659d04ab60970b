"""``python -m cecot`` is the command ``cecot``."""

from cecot.cli import main

if __name__ == "__main__":
    main()
