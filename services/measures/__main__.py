"""The processes of measures: `python -m services.measures serve|consume|migrate`."""

from __future__ import annotations

import os
import sys

from services.measures.main import migrate, run_consume, run_serve


def main(arguments: list[str]) -> int:
    """Runs one process; 2 for a name that is none."""
    match arguments:
        case ["serve"]:
            run_serve()
        case ["consume"]:
            run_consume()
        case ["migrate"]:
            migrate(os.environ["CLOSEKNIT_MEASURES_OWNER_DSN"], os.environ["CLOSEKNIT_MEASURES_DSN"])
        case _:
            sys.stderr.write("usage: python -m services.measures serve|consume|migrate\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
