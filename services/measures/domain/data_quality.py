"""How good the data of a time are, whatever is counted of it: who wrote anything down, and what is set aside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Agencies of an initiative that are on the system, those of them that wrote down anything of a time, and the rest.

    Only who takes part is counted (R22: active or paused). `parked`: records of the whole system that cannot be read,
    or wait behind one that cannot, and are in no figure.
    """

    agencies_on_system: int
    agencies_reporting: int
    agencies_not_on_system: int
    parked: int
