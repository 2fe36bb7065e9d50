"""Owns what needs are called by people who do the work, on pages and on paper: one file a language, by their codes."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final


def _read(path: Path) -> Mapping[str, str]:
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


NEED_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {path.stem: _read(path) for path in sorted((Path(__file__).parent / "needs").glob("*.toml"))}
)
"""By language, then by the code of the need, in the order in which a page lists them."""
