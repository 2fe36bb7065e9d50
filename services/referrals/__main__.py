"""The referrals processes by name: `python -m services.referrals serve|relay|timers|migrate`."""

import sys
from collections.abc import Callable, Mapping

from services.referrals.main import migrate, run_relay, run_serve, run_timers

COMMANDS: Mapping[str, Callable[[], object]] = {
    "serve": run_serve,
    "relay": run_relay,
    "timers": run_timers,
    "migrate": migrate,
}
WRONG_USAGE = 2


def main(arguments: list[str]) -> int:
    """Run one command until it ends; 2 for a name that is none."""
    command = COMMANDS.get(arguments[0]) if len(arguments) == 1 else None
    if command is None:
        sys.stderr.write("usage: python -m services.referrals serve|relay|timers|migrate\n")
        return WRONG_USAGE
    command()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
