"""Owns what every step of a made-up journey has."""

from dataclasses import dataclass
from datetime import datetime

FIELDS = ("name", "phones", "language")
"""What most clients agree to give; a step may name more of the fields of rule R1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that `agency` records at a time (UTC). Steps of one journey are in the order of their times."""

    at: datetime
    agency: str
