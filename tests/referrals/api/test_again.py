"""Every step that is said twice is said once: the second answer is 200, at the version of the first (R12)."""

import re

import pytest

from tests.referrals.api.asking import Asking
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, Given, when
from tests.referrals.api.test_generated import OPERATIONS, TOO_FAR, asking
from tests.referrals.api.world import BODIES

__all__ = ["asking"]

ANOTHER = {
    *("record_contact", "plan_contact", "record_group_session", "record_consent", "record_screening", "create_note"),
    *("ask_about_referral", "ask_about_handoff", "ask_for_room"),
    "register_client",  # somebody without a number: with one it is R21's
    *("send_referral", "propose_handoff"),  # an open one stands in its way (R4)
    *("give_access_code", "open_access"),  # another code each time, and a code opens once
    "record_planned_contact",  # each is at its own time: tests/referrals/api/test_contacts.py says the time twice
    "delete_draft",  # it is there no more
    "change_draft",  # no event, and saved each time
}
"""What makes something each time that no key says that it is the same."""
COMMANDS = {
    str(each.definition.raw["operationId"]): each
    for each in OPERATIONS
    if each.method.upper() != "GET" and not each.path.endswith("/search")
}


def said(caller: Caller, operation: str, places: dict[str, str], body: object) -> tuple[int, int | None]:
    """The status of an answer, and the version that it names."""
    of = COMMANDS[operation]
    headers = {"Authorization": f"Bearer {caller.token}"} | (
        {"If-Match": "*"} if of.method.upper() in {"PUT", "PATCH"} else {}
    )
    url = caller.url + of.path.format(**places)
    answer = caller.http.request(of.method.upper(), url, json=body, headers=headers)
    return answer.status_code, answer.json().get("version")


@pytest.mark.slow
@pytest.mark.parametrize("operation", sorted(COMMANDS.keys() - TOO_FAR - ANOTHER))
def test_r12_the_same_again_is_200_and_no_second_event(asking: Asking, operation: str) -> None:  # noqa: F811 - a fixture
    places = set(re.findall(r"\{(\w+)\}", COMMANDS[operation].path))
    for turn in range(4):
        ready = asking.ready(operation, places, turn)
        body = ready.body or BODIES.get(operation, {})
        for caller in (ready.by or asking.sender, asking.backbone):
            status, version = said(caller, operation, ready.places, body)
            if status in {200, 201}:
                assert said(caller, operation, ready.places, body) == (200, version)
                return
    pytest.fail("it never went well")


def test_r12_her_yes_in_other_words_is_not_the_same(asking: Asking) -> None:  # noqa: F811 - a fixture
    handoff = Given(asking.sender, asking.receiver).proposed()
    asking.sender.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
    other = {"consent": AGREED | {"fields": ["name"]}}
    when(asking.sender.post(f"{handoff.path}/client-agrees", other)).then_problem(409, "wrong-state")


def test_what_makes_another_is_a_command_that_there_is() -> None:
    assert COMMANDS.keys() >= ANOTHER
