"""Everything installed is pinned by hash; no lock tells where to download from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^[A-Za-z0-9_.\[\]-]+==\S+", re.MULTILINE)
HASHED = re.compile(r"^[A-Za-z0-9_.\[\]-]+==[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)


def problems(text: str) -> list[str]:
    found = ["an address"] if re.search(r"https?://|--(extra-)?index-url|--find-links", text) else []
    if not PIN.search(text) or len(PIN.findall(text)) != len(HASHED.findall(text)):
        found.append("a pin without a hash")
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_hashes_and_no_address(lock: Path) -> None:
    assert problems(lock.read_text()) == []


def test_the_locks_are_there() -> None:
    assert [path.name for path in LOCKS] == ["bench.txt", "dev.txt", "local.txt", "runtime.txt", "uv.txt"]
    assert not (ROOT / "uv.lock").exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a==1 \\\n    --hash=sha256:" + "0" * 64 + "\n# from https://somewhere\n", "an address"),
        ("a==1\n", "a pin without a hash"),
        ("", "a pin without a hash"),
    ],
)
def test_a_bad_lock_is_seen(text: str, problem: str) -> None:
    assert problems(text) == [problem]
