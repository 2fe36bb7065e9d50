"""Owns the expected decision on every operation, for every role and standing: the policies' first, then the service's.

What the policies let through, a service answers by what it keeps: whose a thing is, and who is a side of it. That much
is declared here, operation by operation; a test asks for every cell over HTTP.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.gateway.access.authorize import Resource, authorize
from services.gateway.access.policy import ROLES
from services.gateway.passage.table import Operation
from services.runtime.auth import Principal

YES, UNKNOWN, FORBIDDEN, UNAUTHENTICATED, MALFORMED = 200, 404, 403, 401, 422
OF_INITIATIVE: Final = ("backbone", "working_group", "operator")
OF_AGENCY: Final = ("staff", "case_manager", "system", "agency_admin", "reviewer", "privacy_officer", "client")
NOBODY: Final = "no account"
CLIENT: Final = "client"


class Standing(StrEnum):
    """Where the caller stands to what is asked for."""

    OWN = "own agency"
    TEAM = "in her care team, with consent"
    OTHER = "another agency, without consent"
    ABROAD = "another initiative"


class Kind(StrEnum):
    """What an operation acts on, by who may know of it; the sentence says it on the page."""

    ANYBODY = "names nothing that anybody owns"
    CODE = "one referral by the code on its printed letter, or a client's pages by her own: whoever has that is let in"
    ITSELF = "names nothing: each agency is answered about its own"
    HER = "a client, by the reference that the caller's agency has of her"
    RECORD = "a record that its own agency alone knows"
    SENDER = "a step of the agency that sent it; the other side is told so"
    RECEIVER = "a step of the agency that received it, or work that waits for it; the other side is told so"
    SENDERS_ALONE = "what the sending agency alone may know of: drafts, letters, a handoff that is not offered yet"
    BETWEEN = "what both sides of a referral or handoff know"
    ENTRY = "an entry of the initiative's directory, to be read"
    OWN_ENTRY = "an entry of the directory, to be changed by its agency or the backbone"
    IN_BODY = "an entry that the request itself names: one that is not in the initiative's directory cannot be named"
    ASKED = "services that the request itself names: those of another initiative cannot be named"
    COLLEAGUE = "a colleague whom the request itself names: nobody of another agency can be named"
    OFFICE = "the whole of the initiative, for its backbone"
    FIGURES = "the initiative's own figures and releases"
    DEFINITIONS = "what is the same in every initiative"


SERVICE: Final[Mapping[Kind, tuple[int, int, int, int]]] = {
    Kind.ANYBODY: (YES, YES, YES, YES),
    Kind.CODE: (YES, YES, YES, YES),
    Kind.ITSELF: (YES, YES, YES, YES),
    Kind.HER: (YES, YES, UNKNOWN, UNKNOWN),
    Kind.RECORD: (YES, UNKNOWN, UNKNOWN, UNKNOWN),
    Kind.SENDER: (YES, FORBIDDEN, UNKNOWN, UNKNOWN),
    Kind.RECEIVER: (YES, FORBIDDEN, UNKNOWN, UNKNOWN),
    Kind.SENDERS_ALONE: (YES, UNKNOWN, UNKNOWN, UNKNOWN),
    Kind.BETWEEN: (YES, YES, UNKNOWN, UNKNOWN),
    Kind.ENTRY: (YES, YES, YES, UNKNOWN),
    Kind.OWN_ENTRY: (YES, FORBIDDEN, FORBIDDEN, UNKNOWN),
    Kind.IN_BODY: (YES, FORBIDDEN, FORBIDDEN, MALFORMED),
    Kind.ASKED: (YES, YES, YES, MALFORMED),
    Kind.COLLEAGUE: (YES, MALFORMED, MALFORMED, MALFORMED),
    Kind.OFFICE: (YES, YES, YES, YES),
    Kind.FIGURES: (YES, YES, YES, UNKNOWN),
    Kind.DEFINITIONS: (YES, YES, YES, YES),
}
"""What the service behind answers whom the policies let through, by standing."""

_BY_PLACE: Final[Mapping[str, Kind]] = {
    "client": Kind.HER,
    **dict.fromkeys(
        ("consent", "contact", "episode", "need", "note", "screening", "responsibility", "question", "inquiry"),
        Kind.RECORD,
    ),
    **dict.fromkeys(("referral", "handoff", "appointment", "check", "work"), Kind.RECEIVER),
    **dict.fromkeys(("agency", "service"), Kind.OWN_ENTRY),
    "release": Kind.FIGURES,
    "measure": Kind.DEFINITIONS,
}
_NAMED: Final[Mapping[Kind, str]] = {
    Kind.ANYBODY: "list_initiatives list_access_keys get_me",
    Kind.HER: "create_note send_referral record_group_session break_glass",
    Kind.SENDER: """
        cancel_referral request_referral_cancellation acknowledge_referral enter_referral_in_error
        open_redirected answer_referral_feedback withdraw_handoff acknowledge_handoff close_capacity_check
    """,
    Kind.SENDERS_ALONE: """
        get_draft change_draft delete_draft send_draft answer_for_receiver get_referral_letter
        client_agrees_handoff client_declines_handoff offer_handoff
    """,
    Kind.BETWEEN: """
        get_referral take_back_referral list_referral_files get_referral_feedback ask_referral_feedback
        ask_about_referral list_referral_questions get_handoff take_back_handoff introduce_handoff
        ask_about_handoff list_handoff_questions get_appointment get_capacity_check
    """,
    Kind.CODE: "answer_letter open_access",
    Kind.RECORD: "get_agency_figures link_client unlink_client",
    Kind.IN_BODY: "list_service",
    Kind.ASKED: "ask_for_room",
    Kind.COLLEAGUE: "hand_on",
    Kind.ENTRY: "get_agency get_service",
    Kind.OFFICE: "list_agency build_release",
}
_KINDS: Final = {action: kind for kind, actions in _NAMED.items() for action in actions.split()}


@dataclass(frozen=True)
class Asker:
    """Somebody of one role, where they stand."""

    role: str
    standing: Standing

    @property
    def principal(self) -> Principal | None:
        """As the policies see them: their agency and initiative by the name of their standing."""
        if self.role == NOBODY:
            return None
        initiative = "another" if self.standing is Standing.ABROAD else "here"
        agency = None if self.role in OF_INITIATIVE else self.standing.name
        return Principal("somebody", initiative, agency, frozenset({self.role}))


def askers() -> Iterator[Asker]:
    """Every role in every standing that it can have: who is of no agency is of one initiative or of the other."""
    yield Asker(NOBODY, Standing.OWN)
    for role in OF_INITIATIVE:
        yield Asker(role, Standing.OWN)
        yield Asker(role, Standing.ABROAD)
    for role in OF_AGENCY:
        for standing in Standing:
            yield Asker(role, standing)


def kind_of(operation: Operation) -> Kind:
    """What an operation acts on. Raises KeyError for a place in an address that nobody declared."""
    if (named := _KINDS.get(operation.action)) is not None:
        return named
    if operation.names:
        return _BY_PLACE[operation.names[0]]
    return Kind.ITSELF


def expected(operation: Operation, asker: Asker) -> int:
    """The status: 200 stands for whatever the operation answers when it is carried out."""
    place = Resource(operation.template, {"here", "another"}, _places(operation))
    principal = asker.principal
    if not authorize(principal, operation.action, place).allowed:
        return UNAUTHENTICATED if principal is None else FORBIDDEN
    if asker.role == CLIENT and operation.names:
        return UNKNOWN  # it is about another woman
    return SERVICE[kind_of(operation)][list(Standing).index(asker.standing)]


def _places(operation: Operation) -> dict[str, str]:
    return dict.fromkeys(operation.names, Standing.OWN.name)


assert {*OF_AGENCY, *OF_INITIATIVE} == ROLES, "a role of the policies has no column"  # noqa: S101
