"""Owns the last line of a proof: how many points it looked at, how many of them were wrong."""

import sys
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Points looked at and what was wrong with some of them."""

    name: str
    points: int = 0
    wrong: list[str] = field(default_factory=list)

    def check(self, right: bool, otherwise: str) -> None:
        """One point; `otherwise` says what is wrong where it is not right."""
        self.points += 1
        if not right:
            self.wrong.append(otherwise)

    def close(self) -> None:
        """Print the line (interface page, section 1) and fail at the first wrong point."""
        sys.stdout.write(f"\n{self.name} points={self.points} failed={len(self.wrong)}\n")
        assert not self.wrong, self.wrong[0]
