"""Owns what rests on a consent that ran out: a referral or handoff of its agency's own that she agreed to by it."""

from typing import Final, LiteralString

RESTED_ON: Final[LiteralString] = (
    " AND NOT (waits_for = 'renew' AND (SELECT TRUE FROM work_index rests JOIN stored_events said"
    " ON said.originator_id = rests.id AND said.topic IN ('referral.sent.v1', 'handoff.client_agreed.v1')"
    " WHERE rests.client_id = work_index.client_id AND rests.kind IN ('referral', 'handoff')"
    " AND rests.state IN ('sent', 'received', 'waitlisted', 'accepted', 'in_service', 'cancel_requested',"
    " 'agreed', 'offered')"
    " AND convert_from(said.state, 'UTF8')::json ->> 'consent' = work_index.id::text LIMIT 1) IS NOT TRUE)"
)
"""Leaves out consents on which nothing rests that is open: nobody has to ask her anew for those.

It is asked of each consent that ran out and was not read by itself: they are few.
"""
