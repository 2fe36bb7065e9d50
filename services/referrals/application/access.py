"""A client's way to her own pages: an agency gives her a code, and the code lets her in, once."""

from datetime import timedelta
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import look, taken_on, typing_key
from services.referrals.application.desk import Desk
from services.referrals.domain.refusal import NotASide
from services.referrals.vault.access_codes import Code
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres.behalf import across


async def give_code(desk: Desk, acting: Acting, client: UUID, good_for: timedelta) -> Code:
    """A code for a client of the agency's, on paper or read aloud; the same again for the same key of the caller's.

    The one before it opens nothing any more. Raises NotASide, WrongState for a receiver that has not answered.
    """
    seen = taken_on(acting, await look(desk, acting, client), client)
    seed = desk.vault.rows.of(acting.agency, acting.call.operation, typing_key(acting), "code", seen.id.bytes)
    holder = Holder(acting.initiative, acting.agency, seen.id)
    return await desk.vault.access_codes.give(holder, seed, acting.at, acting.at + good_for)


async def let_in(desk: Desk, code: str) -> Holder:
    """Whom a code lets in, and the agency that gave it. Raises NotASide for one that opens nothing."""
    with across("codes"):
        holder = await desk.vault.access_codes.use(code, desk.clock.now())
    if holder is None:
        raise NotASide
    return holder
