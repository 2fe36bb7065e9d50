"""Owns the measures: one versioned file each, whose docstring is the definition that partners read."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from pickle import PicklingError
from types import MappingProxyType
from typing import Final

from services.measures.definitions import (
    acceptance_rate_v1,
    agencies_per_client_v1,
    agency_changes_v1,
    clients_missing_visits_v1,
    clients_reached_v1,
    closed_loop_rate_v1,
    closed_with_service_v1,
    connected_rate_v1,
    contact_dose_v1,
    contact_modes_v1,
    days_until_recorded_v1,
    depression_follow_up_v1,
    depression_referral_completed_v1,
    depression_screened_postpartum_v1,
    depression_screened_prenatal_v1,
    duplicate_service_v1,
    feedback_response_v1,
    first_contact_gestation_v1,
    first_trimester_clinical_v1,
    first_trimester_hedis_v1,
    handoff_completion_v1,
    handoff_gap_v1,
    hops_to_service_v1,
    ipv_referral_v1,
    lost_to_follow_up_v1,
    missed_visits_v1,
    need_met_v1,
    need_supported_v1,
    never_answered_v1,
    outcome_mix_v1,
    postpartum_visit_56_v1,
    postpartum_visit_v1,
    pregnancies_dated_v1,
    prenatal_months_v1,
    preterm_birth_v1,
    race_self_reported_v1,
    reached_in_pregnancy_v1,
    recorded_in_time_v1,
    response_rate_v1,
    time_to_acceptance_v1,
    time_to_first_contact_v1,
    timely_prenatal_care_v1,
    uncovered_days_v1,
    warm_share_v1,
)
from services.measures.domain.measure import Definition

EVERY: Final = (
    response_rate_v1.DEFINITION,
    acceptance_rate_v1.DEFINITION,
    time_to_acceptance_v1.DEFINITION,
    time_to_first_contact_v1.DEFINITION,
    connected_rate_v1.DEFINITION,
    closed_loop_rate_v1.DEFINITION,
    closed_with_service_v1.DEFINITION,
    outcome_mix_v1.DEFINITION,
    missed_visits_v1.DEFINITION,
    clients_missing_visits_v1.DEFINITION,
    lost_to_follow_up_v1.DEFINITION,
    hops_to_service_v1.DEFINITION,
    handoff_completion_v1.DEFINITION,
    warm_share_v1.DEFINITION,
    handoff_gap_v1.DEFINITION,
    uncovered_days_v1.DEFINITION,
    clients_reached_v1.DEFINITION,
    agency_changes_v1.DEFINITION,
    reached_in_pregnancy_v1.DEFINITION,
    agencies_per_client_v1.DEFINITION,
    duplicate_service_v1.DEFINITION,
    first_contact_gestation_v1.DEFINITION,
    first_trimester_clinical_v1.DEFINITION,
    first_trimester_hedis_v1.DEFINITION,
    need_supported_v1.DEFINITION,
    contact_dose_v1.DEFINITION,
    prenatal_months_v1.DEFINITION,
    contact_modes_v1.DEFINITION,
    timely_prenatal_care_v1.DEFINITION,
    postpartum_visit_v1.DEFINITION,
    postpartum_visit_56_v1.DEFINITION,
    depression_screened_prenatal_v1.DEFINITION,
    depression_screened_postpartum_v1.DEFINITION,
    depression_follow_up_v1.DEFINITION,
    depression_referral_completed_v1.DEFINITION,
    ipv_referral_v1.DEFINITION,
    preterm_birth_v1.DEFINITION,
    recorded_in_time_v1.DEFINITION,
    days_until_recorded_v1.DEFINITION,
    pregnancies_dated_v1.DEFINITION,
    race_self_reported_v1.DEFINITION,
    never_answered_v1.DEFINITION,
    need_met_v1.DEFINITION,
    feedback_response_v1.DEFINITION,
)
"""Every version of every measure, in the order of the catalogue; none ever leaves it."""


class UnknownMeasure(Exception):
    """No measure of that id, or no such version of it, is defined."""


def in_force(every: tuple[Definition, ...]) -> Mapping[str, Definition]:
    """The newest version of each measure, by its id, in the order of the catalogue."""
    newest: dict[str, Definition] = {}
    for each in every:
        known = newest.get(each.id)
        newest[each.id] = each if known is None or known.version < each.version else known
    return MappingProxyType(newest)


CATALOGUE: Final = in_force(EVERY)
"""The definition in force of each measure."""

_NAMED: Final = {each.name: each for each in EVERY}


def find(measure: str, version: int | None = None) -> Definition:
    """A measure by its id, as it is in force or in a version, or by id and version as figures name it.

    `find("response_rate")`, `find("response_rate", 1)` and `find("response_rate_v1")`. Raises UnknownMeasure.
    """
    found = CATALOGUE.get(measure) if version is None else _NAMED.get(f"{measure}_v{version}")
    found = found or (_NAMED.get(measure) if version is None else None)
    if found is None:
        raise UnknownMeasure
    return found


def _by_name(definition: Definition) -> tuple[Callable[[str, int], Definition], tuple[str, int]]:
    """How a definition goes to another process: by id and version, so that what arrives is the catalogue's own."""
    if _NAMED.get(definition.name) is not definition:
        raise PicklingError(f"{definition.name} is not what the catalogue has under that name")
    return find, (definition.id, definition.version)


copyreg.pickle(Definition, _by_name)
