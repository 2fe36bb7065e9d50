"""Owns how a page of docs/ that is made from code is written, and looked at."""

import sys
from collections.abc import Callable
from pathlib import Path


def write_or_check(arguments: list[str], page: Path, text: Callable[[], str], by: str) -> int:
    """Write the page, or with `--check` say whether it is as it has to be; `by` is the module that makes it."""
    if arguments == ["--check"]:
        same = page.is_file() and page.read_text(encoding="utf-8") == text()
        sys.stdout.write("" if same else f"{page.name} is out of date: python -m {by}\n")
        return 0 if same else 1
    page.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"wrote {page.name}\n")
    return 0
