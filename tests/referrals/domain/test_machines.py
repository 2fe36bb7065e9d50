"""Every (state, step, side) of every machine: allowed, the same again, or refused, as its table says (R12, R16)."""

import dataclasses
from collections.abc import Iterator

import pytest

from deploy import machines_page
from services.referrals.domain.machines import KNOWS_HER, NOBODY, OFFICE, Step, machines
from tests.prove.tally import Tally
from tests.referrals.domain.walks import Rules, all_rules

RULES = all_rules()
OTHER = "stranger"


def points() -> Iterator[tuple[str, str, Step, str]]:
    """All of them: sides are those of the machine and a stranger, but where the interface alone says who may press."""
    for name, rules in RULES.items():
        for state in rules.ways:
            for step in rules.machine.steps:
                for side in (*rules.sides, *(() if step.by in {NOBODY, OFFICE, KNOWS_HER} else (OTHER,))):
                    yield name, state, step, side


def wrong(rules: Rules, state: str, step: Step, side: str) -> str | None:
    """What is wrong with what comes of a step; None where it is as the table says."""
    came, after = rules.comes_to(state, step.verb, side)
    step = _taken_as(rules, state, step)
    if not rules.takes(step, side):
        return None if came == "refused" else f"{came} by {side}"
    rows = _rows(rules, step)
    if state not in {source for row in rows for source in row.sources if source is not None}:
        return None if came in {"refused", "the same again"} and after == state else f"{came}, though not in the table"
    if came == "refused" and _guarded(rules, state, step, side):
        return None
    if came not in {"moved", "the same again"}:
        return f"{came}, though it is in the table"
    back = step.targets == (None,)
    targets = {target for row in rows for target in row.targets}
    return None if back or after in targets else f"led to {after}"


TAKEN_AS = {("referral", "in_service", "decline"): "close"}
"""A step that is another one where it stands: a decline after service (BSeR 25) closes, and keeps the connection."""


def _taken_as(rules: Rules, state: str, step: Step) -> Step:
    verb = TAKEN_AS.get((rules.machine.name, state, step.verb))
    return next((row for row in rules.machine.steps if row.verb == verb), step)


def _rows(rules: Rules, step: Step) -> list[Step]:
    """This row of the table, and others that are the same command: it is possible from where any of them is."""
    command = rules.commands[step.verb]
    twins = [row for row in rules.machine.steps if row.verb != step.verb and rules.commands[row.verb] is command]
    return [step, *twins]


GUARDED = {
    # Nothing of hers has left yet: the receiver is no side of it before it is offered (R1).
    ("handoff", "agreed", "introduce"),
    # It speaks of a call once it has accepted: who has not opened it knows nothing of her (R1).
    ("handoff", "offered", "introduce"),
    # Her agreement is taken back before acceptance alone: who accepted keeps what it needs (R1).
    ("referral", "cancel_requested", "consent-withdrawn"),
    # Whoever asked writes down what she says.
    ("feedback", "asked", "answer"),
}
"""Steps that the table allows and a rule beside it refuses here."""


def _guarded(rules: Rules, state: str, step: Step, side: str) -> bool:
    del side
    return (rules.machine.name, state, step.verb) in GUARDED


@pytest.mark.parametrize(
    ("name", "state", "step", "side"),
    [pytest.param(*point, id=f"{point[0]} {point[1]} {point[2].verb} {point[3]}") for point in points()],
)
def test_r16_every_step_in_every_state_by_every_side(name: str, state: str, step: Step, side: str) -> None:
    assert wrong(RULES[name], state, step, side) is None


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
def test_a_way_leads_to_every_state_and_a_command_is_there_for_every_step(machine: object) -> None:
    rules = RULES[getattr(machine, "name", "")]
    assert set(rules.ways) == set(rules.machine.states)
    assert {step.verb for step in rules.machine.steps} == set(rules.commands)
    for state, history in rules.ways.items():
        folded = rules.fold(history)
        assert rules.status(folded) == state


def test_a_step_that_is_not_in_the_table_is_seen() -> None:
    rules = RULES["appointment"]
    (attend,) = (step for step in rules.machine.steps if step.verb == "attend")
    planted = dataclasses.replace(attend, sources=("cancelled",))
    assert wrong(rules, "booked", planted, "receiver") == "moved, though not in the table"
    assert wrong(rules, "cancelled", planted, "receiver") == "refused, though it is in the table"
    assert wrong(rules, "booked", dataclasses.replace(attend, by="sender"), "receiver") == "moved by receiver"
    assert wrong(rules, "booked", dataclasses.replace(attend, targets=("no_show",)), "receiver") == "led to attended"


@pytest.mark.proof
def test_state_machines() -> None:
    tally = Tally("state-machines")
    for name, state, step, side in points():
        found = wrong(RULES[name], state, step, side)
        tally.check(found is None, f"{name}: {step.verb} by {side} at {state}: {found}")
    tally.close()


def test_the_page_draws_the_tables() -> None:
    assert machines_page.main(["--check"]) == 0, "run python -m deploy.machines_page"


def test_an_edge_more_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    first, *rest = machines()
    more = dataclasses.replace(first, steps=(*first.steps, Step("dance", "sender", ("sent",), ("accepted",))))
    monkeypatch.setattr(machines_page, "machines", lambda: (more, *rest))
    assert "    sent --> accepted: dance\n" in machines_page.text()
    assert machines_page.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().out
