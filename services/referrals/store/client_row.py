"""Owns the row of a client to whom nobody reaches out until that is resumed: lists leave out what needs her (R5)."""

from collections.abc import Sequence

from services.referrals.domain.client import Client
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written


def client_row(history: Sequence[Written], state: Client) -> WorkRow | None:
    """`paused` or, ever after, `open`; a client whose outreach was never paused has no row. Nobody waits for it."""
    if not (state.paused or state.resumed):
        return None
    first = history[0].envelope
    return WorkRow(
        kind="client",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=first.agency,
        to_agency=first.agency,
        state="paused" if state.paused else "open",
        version=history[-1].version,
        sent_at=first.occurred_at,
    )
