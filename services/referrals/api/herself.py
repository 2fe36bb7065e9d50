"""Whether the caller is the client herself, who came in by a code of hers and has no account."""

from uuid import UUID

from services.referrals.api.naming import Naming
from services.referrals.application.accounting import Reader
from services.referrals.domain.refusal import NotASide
from services.runtime.auth import Principal

HERSELF = frozenset({"client"})


def is_herself(naming: Naming, principal: Principal, client: UUID) -> bool:
    """Whether the caller is the client; a client may know of nobody else. Raises NotASide."""
    if principal.roles != HERSELF:
        return False
    if naming.back("client", principal.subject) != client:
        raise NotASide
    return True


def reader_of(naming: Naming, principal: Principal, client: UUID) -> Reader:
    """Who reads an accounting of hers. Raises NotASide where another client does."""
    herself = is_herself(naming, principal, client)
    return Reader(naming.acting.agency, herself=herself, officer="privacy_officer" in principal.roles)


def must_be_herself(naming: Naming, principal: Principal, client: UUID) -> None:
    """For what nobody reads or asks for her: a sign-in that has other roles beside hers is not she. Raises NotASide."""
    if not is_herself(naming, principal, client):
        raise NotASide
