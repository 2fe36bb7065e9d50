"""Owns which groups a breakdown has in an initiative: those that may be compared, and those that figures may name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from contracts.initiative import Initiative
from contracts.vocabulary import DetailedGroup, Payer, RaceEthnicity
from services.measures.domain.groups import AGES, CDPH8, NOT_KNOWN, UNKNOWN_8
from services.measures.domain.measure import By
from services.measures.domain.population import EVERYBODY

COMPARED: Final[Mapping[By, Callable[[Initiative], Collection[str]]]] = {
    By.SPD15: lambda _: set(RaceEthnicity),
    By.CDPH8: lambda _: set(CDPH8) - {UNKNOWN_8},
    By.DETAILED: lambda _: set(DetailedGroup),
    By.LANGUAGE: lambda each: {*each.languages, *(code for agency in each.agencies for code in agency.languages)},
    By.PAYER: lambda _: set(Payer),
    By.AGE: lambda _: set(AGES) - {NOT_KNOWN},
    By.ZIP_GROUP: lambda each: {group.slug for group in each.zip_groups},
    By.COUNTY: lambda each: {group.county for group in each.zip_groups if group.county},
}
"""The groups that others may be compared with, by breakdown: never those of whom nothing is known."""


def printed_of(initiative: Initiative, by: By) -> Collection[str]:
    """The groups that a figure in print may name, also that of whom nothing is known; none of other breakdowns."""
    if by is By.NONE:
        return {EVERYBODY}
    compared = COMPARED.get(by)
    return {*compared(initiative), UNKNOWN_8 if by is By.CDPH8 else NOT_KNOWN} if compared else ()
