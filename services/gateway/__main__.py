"""Runs the gateway: `python -m services.gateway serve`; settings from the environment only."""

import sys

from services.gateway.main import run_serve
from services.runtime.settings import SettingsProblem

if __name__ == "__main__":
    if sys.argv[1:] != ["serve"]:
        sys.exit("usage: python -m services.gateway serve")
    try:
        run_serve()
    except SettingsProblem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)
