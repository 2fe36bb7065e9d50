"""What the directory offers of a service that is asked for, and whether the agency asked it for her already (R4)."""

from collections.abc import Sequence
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.listing import must_receive
from services.referrals.directory import NotInDirectory
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import ENDED
from services.referrals.domain.vocabulary import Category, Channel, Mode
from services.referrals.store.commit import WorkRow


@frozen
class Offered:
    """What the directory says of the service that is asked for."""

    channel: Channel
    category: Category


def offered_by(desk: Desk, acting: Acting, agency: str, service: str) -> Offered:
    """Raises NotInDirectory for an agency or service that is not there or takes nothing."""
    receiver = must_receive(desk.directory, acting.initiative, agency)
    found = desk.directory.service(acting.initiative, agency, service)
    if found.status != "active":
        raise NotInDirectory("service")
    channel = Channel.SYSTEM if receiver.on_system else Channel.LETTER
    return Offered(channel, found.category)


def open_twin(acting: Acting, work: Sequence[WorkRow], service: str) -> UUID | None:
    """An open referral of this agency's own for the same client and service (R4)."""
    for row in work:
        same = row.kind == "referral" and row.from_agency == acting.agency and row.service == service
        if same and row.state not in ENDED and row.mode == Mode.DIRECT:
            return row.id
    return None
