"""Whoever asks for the whole line is run beside the others that do: one line a run, not one a process."""

import re
from pathlib import Path

from tests.conftest import ON_THE_LINE

ROOT = Path(__file__).parents[2]
ASKS = re.compile(r"^from tests\.fix_line import [\w, ]*\bLine\b", re.MULTILINE)


def elsewhere(root: Path) -> list[str]:
    """Files of tests that ask for the line and are not told apart as such."""
    files = (path for path in sorted((root / "tests").rglob("test_*.py")) if ASKS.search(path.read_text()))
    return [name for path in files if not (name := path.relative_to(root).as_posix()).startswith(ON_THE_LINE)]


def test_the_line_is_asked_for_in_one_place() -> None:
    assert elsewhere(ROOT) == []


def test_another_place_is_seen(tmp_path: Path) -> None:
    for name in ("tests/e2e/test_here.py", "tests/runtime/test_there.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("from tests.fix_line import THIRD, Line\n")
    assert elsewhere(tmp_path) == ["tests/runtime/test_there.py"]
