"""Owns the row of a question between the two sides: it waits for whoever was asked, beside what it is about.

Two things wait then: the receiver's answer to the referral or handoff, in its own row, and the answer to the question.
"""

from collections.abc import Sequence

from services.referrals.directory import Stage
from services.referrals.domain.question import Question
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written


def question_row(history: Sequence[Written], state: Question, due: Due) -> WorkRow:
    """The row of a question: it is to be answered as soon as what is urgent, because an answer waits for it (R15)."""
    first = history[0].envelope
    waits = state.answer is None
    return WorkRow(
        kind="question",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=state.agency,
        to_agency=state.asked.to_agency,
        state="asked" if waits else "answered",
        version=history[-1].version,
        sent_at=state.at,
        due_at=due(first.initiative, Stage.ANSWER, state.at, urgent=True) if waits else None,
        waits_for="question" if waits else None,
        waits_on=state.asked.to_agency if waits else None,
        subject=state.asked.referral or state.asked.handoff,
    )
