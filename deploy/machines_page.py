"""Owns docs/state-machines.md: every machine of the domain as a diagram and a table, from the tables themselves."""

import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.made_page import write_or_check
from services.referrals.domain.machines import Machine, Step, machines

PAGE = Path(__file__).parents[1] / "docs" / "state-machines.md"
CROWD, FEW = 0.5, 3
"""A step that is possible from more than this share of the states, and from more than a few, stands in the table alone:
arrows would hide all."""

_HEAD = (
    "# State machines\n\n"
    "Where each kind of record may stand, who may take which step from where, and what follows by itself. Made from the"
    " tables that the code keeps to (`services/referrals/domain/machines.py` names them all, and"
    " `tests/referrals/domain/test_machines.py` walks every step in every state by every side) by"
    " `python -m deploy.machines_page`; `--check` fails where this page says something else. What a state means stands"
    " in the [glossary](glossary.md).\n"
    "\n"
    "Whoever takes a step that is so already is answered 200 and nothing is stored (R12); the wrong side is told 403, a"
    " step that is not in the table 409, and who is no side of it 404 (R16). Either side may take back its own last"
    " step of a referral, an appointment or a handoff for a while (R14): it returns to the state before.\n"
)


def text() -> str:
    """The page as it has to be."""
    return "\n".join([_HEAD, *("\n".join(_section(machine)) for machine in machines())])


def _section(machine: Machine) -> Iterator[str]:
    yield f"## {machine.name.capitalize()}"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in machine.begins:
        yield f"    [*] --> {state}"
    for step in machine.steps:
        yield from _arrows(machine, step)
    for state in _ends(machine):
        yield f"    {state} --> [*]"
    yield "```"
    yield ""
    yield "| step | by | from | to |"
    yield "|---|---|---|---|"
    for step in machine.steps:
        before, after = _listed(step.sources, "nothing"), _listed(step.targets, "the same")
        yield f"| `{step.verb}` | {step.by} | {before} | {after} |"
    yield ""


def _drawn(machine: Machine, step: Step) -> bool:
    return len(step.sources) <= max(CROWD * len(machine.states), FEW)


def _ends(machine: Machine) -> Iterator[str]:
    """States that no arrow leaves."""
    leaving = [step for step in machine.steps if step.targets != (None,) and _drawn(machine, step)]
    left = {source for step in leaving for source in step.sources}
    yield from (state for state in machine.states if state not in left)


def _arrows(machine: Machine, step: Step) -> Iterator[str]:
    if not _drawn(machine, step):
        return
    for source in step.sources:
        for target in step.targets:
            if source is not None and target not in {None, source}:
                yield f"    {source} --> {target}: {step.verb}"


def _listed(states: tuple[str | None, ...], none: str) -> str:
    return ", ".join(none if state is None else f"`{state}`" for state in states)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it has to be."""
    return write_or_check(arguments, PAGE, text, "deploy.machines_page")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
