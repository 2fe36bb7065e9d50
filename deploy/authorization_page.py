"""Owns docs/authorization.md: who may do what, operation by operation, as the policies and the services decide it."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from deploy.authorization import (
    FORBIDDEN,
    NOBODY,
    OF_AGENCY,
    OF_INITIATIVE,
    UNAUTHENTICATED,
    YES,
    Asker,
    Kind,
    Standing,
    askers,
    expected,
    kind_of,
)
from deploy.made_page import write_or_check
from services.gateway.main import public_document
from services.gateway.passage.table import Table

PAGE = Path(__file__).parents[1] / "docs" / "authorization.md"
ROLES = (NOBODY, *OF_AGENCY, *OF_INITIATIVE)
Row = dict[Asker, int]
Cells = tuple[str, ...]
TURNED_AWAY = {(str(status),) * len(Standing) for status in (FORBIDDEN, UNAUTHENTICATED)}
_ALL = {ROLES: "anybody, with or without an account", ROLES[1:]: "every role"}

_HEAD = f"""# Who may do what

Every operation of the public API, for every role, by where the caller stands to what is asked for. Made by
`python -m deploy.authorization_page` from the policies (`services/gateway/access/policies/`, a comment above each) and
from the small table of what the services behind decide (`deploy/authorization.py`); `tests/privacy/test_matrix.py` asks
the running system for every cell.

**yes**: it is carried out (200, 201 or 204), or the state of the thing forbids it (409). **401**: nobody is signed in.
**403**: a role, or a side, that may not, of something that the caller may know of. **404**: the caller may not know
whether there is such a thing; the answer is the same, byte for byte, as where there is none. **422**: what the request
names is not in the caller's initiative.

- *own agency*: whose record it is, whose step it is. *In her care team*: another agency that serves the same woman by a
  referral that she agreed to; it asks by its own reference of her where it has one. *Another agency*: of the same
  initiative, without her consent. *Another initiative*: an agency, or a backbone or working group, of the other one.
- A role that a row does not name is answered 403, and who is not signed in 401. `reviewer` and `operator` have
  no operation of their own yet: theirs are the rows for all roles.
- A `client` is known by the token that her code opened: the role is nothing in a sign-in of the provider's. Hers is
  what is about herself, whoever wrote it down; the rows show what is about another woman: 404.
- Staff, case managers, systems and administrators without an agency are answered 403 everywhere but at `get_me`, and so
  is a token of an initiative that is not served here.
- What of a client's timeline is shown, and which of her fields, follows from the consents in force; it is a matter of
  what stands in an answer, not of whether there is one.

| what it acts on | role | {" | ".join(Standing)} | operations |
|---|---|---|---|---|---|---|
"""


def text() -> str:
    """The page as it has to be."""
    rows: dict[tuple[Kind, str, Cells], list[str]] = defaultdict(list)
    for operation in Table(public_document()).operations:
        for roles, cells in _lines({asker: expected(operation, asker) for asker in askers()}):
            rows[kind_of(operation), roles, cells].append(operation.action)
    order = list(Kind)
    return _HEAD + "".join(
        f"| {kind} | {roles} | {' | '.join(cells)} | {', '.join(f'`{each}`' for each in sorted(actions))} |\n"
        for (kind, roles, cells), actions in sorted(rows.items(), key=lambda row: (order.index(row[0][0]), row[0]))
    )


def _lines(row: Row) -> Iterator[tuple[str, Cells]]:
    """Roles that are answered alike, but for those that are turned away whatever they ask of it."""
    alike: dict[Cells, list[str]] = defaultdict(list)
    for role in ROLES:
        alike[_cells(row, role)].append(role)
    for cells, roles in alike.items():
        if cells not in TURNED_AWAY:
            yield _ALL.get(tuple(roles)) or ", ".join(roles), cells


def _cells(row: Row, role: str) -> Cells:
    def said(standing: Standing) -> str:
        if role == NOBODY or (role in OF_INITIATIVE and standing is not Standing.ABROAD):
            standing = Standing.OWN
        status = row[Asker(role, standing)]
        return "yes" if status == YES else str(status)

    return tuple(said(standing) for standing in Standing)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it has to be."""
    return write_or_check(arguments, PAGE, text, "deploy.authorization_page")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
