"""The budgets hold, and each of them can be broken."""

from pathlib import Path

import pytest

from tests.architecture.budgets import breaches

ROOT = Path(__file__).parents[2]

LONG_FUNCTION = '"""Owns x."""\n\n\ndef f() -> int:\n' + "    x = 1\n" * 40 + "    return x\n"
LONG_MATCH = '"""Owns x."""\n\n\ndef f(x: int) -> int:\n    match x:\n' + "".join(
    f"        case {n}:\n            return {n}\n" for n in range(40)
)
NESTED_MATCH = '"""Owns x."""\n\n\ndef f(x: int) -> int:\n    match x:\n' + "".join(
    f"        case {n}:\n            y = {n}\n            return y\n" for n in range(20)
)


def test_the_budgets_hold() -> None:
    assert breaches(ROOT, ("services", "contracts", "deploy")) == []


@pytest.mark.parametrize(
    ("name", "source", "breach"),
    [
        ("noun.py", '"""Owns x."""\n' * 251, "251 lines, the budget is 250"),
        ("domain/noun.py", '"""Owns x."""\n' * 201, "201 lines, the budget is 200"),
        ("utils.py", '"""Owns everything."""\n', "named after no noun"),
        ("helpers/noun.py", '"""Owns x."""\n', "named after no noun"),
        ("noun.py", "x = 1\n", "no sentence says what this module owns"),
        ("noun.py", LONG_FUNCTION, "f has 42 lines, the budget is 40"),
        ("noun.py", NESTED_MATCH, "f has 62 lines"),
        ("noun.py", '"""Owns x."""\ndef f(a, b, c, d, e, g): ...\n', "f takes 6 arguments by position"),
        ("noun.py", '"""Owns x."""\nasync def f(a, b, c, d, e, /, g): ...\n', "f takes 6 arguments by position"),
    ],
)
def test_a_breach_is_seen(tmp_path: Path, name: str, source: str, breach: str) -> None:
    path = tmp_path / "services" / name
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert [breach in found for found in breaches(tmp_path, ("services",))] == [True]


@pytest.mark.parametrize(
    "source", [LONG_MATCH, '"""Owns x."""\nclass A:\n    def f(self, a, b, c, d, e, *, g, h): ...\n']
)
def test_what_is_allowed_is_no_breach(tmp_path: Path, source: str) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "noun.py").write_text(source)
    assert breaches(tmp_path, ("services",)) == []
