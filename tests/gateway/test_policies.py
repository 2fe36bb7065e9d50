"""The policies decide as the plain table does, for everybody and everything; whatever breaks lets nobody in."""

import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.access import authorize as deciding
from services.gateway.access.authorize import ALLOWED, NOT_SIGNED_IN, ROLE_FORBIDS, Decision, Resource, authorize
from services.gateway.access.policy import FOLDER, ROLES, SCHEMA, BadPolicies, Policies, Question
from services.gateway.main import public_document
from services.gateway.passage.table import Table
from services.runtime.auth import Principal
from tests.gateway import reference

ACTIONS = sorted(each.action for each in Table(public_document()).operations)
SERVED = {"fresno-ptbi", "expecting-justice-sf"}
AGENCIES = ("example-clinic-north", "example-doula-network")

role_sets = st.frozensets(st.sampled_from(sorted({*ROLES, "something-of-the-provider"})), max_size=4)
principals = st.none() | st.builds(
    Principal,
    st.just("testa"),
    st.sampled_from([*sorted(SERVED), "elsewhere"]),
    st.sampled_from([None, *AGENCIES]),
    role_sets,
)
places = st.builds(
    Resource, st.just("/"), st.just(SERVED), st.just({}) | st.builds(dict, agency=st.sampled_from(AGENCIES))
)


def somebody(*roles: str, agency: str | None = AGENCIES[0], initiative: str = "fresno-ptbi") -> Principal:
    return Principal("testa", initiative, agency, frozenset(roles))


def text_of(folder: Path | None = None) -> str:
    return "\n".join(each.read_text("utf-8") for each in (folder or FOLDER).iterdir() if each.name.endswith(".cedar"))


@settings(max_examples=300)
@given(principals, st.sampled_from([*ACTIONS, "drop_everything"]), places)
def test_policies_and_reference_agree(principal: Principal | None, action: str, place: Resource) -> None:
    assert authorize(principal, action, place).allowed == reference.allowed(principal, action, place)


@pytest.mark.parametrize("action", ACTIONS)
def test_policies_and_reference_agree_on_every_single_role(action: str) -> None:
    place = Resource("/", SERVED, {"agency": AGENCIES[0]})
    for role in ("no-role", *sorted(ROLES)):
        for agency in (None, *AGENCIES):
            who = somebody(role, agency=agency)
            assert authorize(who, action, place).allowed == reference.allowed(who, action, place), (role, agency)
    assert authorize(None, action, place).allowed == reference.allowed(None, action, place)


def test_the_reference_knows_every_operation() -> None:
    assert sorted({*reference.ROLES, *reference.OPEN}) == ACTIONS


def test_every_policy_says_what_it_means_and_has_a_name() -> None:
    """A partner's lawyer reads them: a comment stands above each, and no two have one name."""
    for file in FOLDER.iterdir():
        lines = file.read_text("utf-8").splitlines() if file.name.endswith(".cedar") else []
        for number, line in enumerate(lines):
            if line.startswith(("permit", "forbid")):
                assert lines[number - 1].startswith('@id("'), f"{file.name}:{number + 1}"
                assert lines[number - 2].startswith("// "), f"{file.name}:{number + 1}"
    names = [line for line in text_of().splitlines() if line.startswith("@id(")]
    assert len(names) == len(set(names)) > 20


def test_why_not() -> None:
    place = Resource("/", SERVED)
    assert authorize(None, "get_client", place) == NOT_SIGNED_IN
    assert authorize(somebody("working_group"), "get_client", place) == ROLE_FORBIDS
    assert authorize(somebody("staff"), "get_client", place) == ALLOWED


@pytest.mark.parametrize(
    ("who", "action"),
    [
        (somebody("staff", agency=None), "get_client"),
        (somebody("agency_admin", agency=None), "edit_agency"),
        (somebody("staff", initiative="elsewhere"), "get_client"),
        (somebody("backbone", agency=None, initiative="elsewhere"), "list_measures"),
        (somebody("staff", "backbone", "operator"), "drop_everything"),
        (somebody(*ROLES), ""),
    ],
)
def test_what_nobody_decided_is_refused(who: Principal, action: str) -> None:
    assert authorize(who, action, Resource("/", SERVED, {"agency": AGENCIES[0]})) == ROLE_FORBIDS


@pytest.mark.parametrize(("who", "said"), [(None, NOT_SIGNED_IN), (somebody("staff"), ROLE_FORBIDS)])
def test_an_engine_that_breaks_lets_nobody_in_and_tells_no_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, who: Principal | None, said: Decision
) -> None:
    def broken() -> Policies:
        raise RuntimeError("Testa Muster")

    deciding._allow.cache_clear()
    monkeypatch.setattr(deciding, "policies", broken)
    with caplog.at_level(logging.ERROR):
        assert authorize(who, "get_client", Resource("/", SERVED, {"client": "a" * 26})) == said
    (record,) = caplog.records
    assert (record.getMessage(), record.args) == ("policy failed", ())
    monkeypatch.undo()
    assert authorize(somebody("staff"), "get_client", Resource("/", SERVED)) == ALLOWED  # the failure is not kept


SLIPS = {
    "an action that is none": ('Action::"get_client"', 'Action::"get_clients"'),
    "a role that is none": ('Role::"working_group"', 'Role::"workinggroup"'),
    "an attribute that is none": ("principal has agency && principal in", "principal.agencies && principal in"),
    "half a policy": ("permit (", "permit"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_policy_stops_the_start(slip: str) -> None:
    right, wrong = SLIPS[slip]
    assert right in text_of()
    with pytest.raises(BadPolicies):
        Policies(text_of().replace(right, wrong), FOLDER.joinpath(SCHEMA).read_text("utf-8"))


def test_a_question_that_the_schema_does_not_know_is_an_error() -> None:
    with pytest.raises(BadPolicies, match="drop_everything"):
        Policies.read().allow(Question("drop_everything", frozenset({"staff"}), of_agency=True, served=True))
