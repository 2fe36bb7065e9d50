"""What another agency wrote down, as a timeline shows it under her consent: by whom, and the little that is told."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue

from services.referrals.api.history import plain
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import AgencyNamed
from services.referrals.application.across import Shown
from services.referrals.domain.consent import ConsentChanged, ConsentRecorded

# Fields that are told as they are. No id, no reason, no person, no place, and of a birth the day alone (R5).
_TOLD: Final = frozenset(
    {
        *("agreed", "basis", "by", "category", "client_present", "delivered_on", "domain", "due_at", "duration_min"),
        *("edd", "expires", "how", "identified_on", "instrument", "kind", "met", "mode", "on", "outcome"),
        *("planned_for", "result", "tags", "to_channel", "units"),
    }
)
_OF_CONSENT: Final = frozenset({"agreed", "expires", "on"})
_AGENCIES: Final[Mapping[str, str]] = {"from_agency": "from", "to_agency": "to", "agency": "leads"}

ANOTHER: Final = "Another agency"


class Lanes:
    """Agencies on one timeline: by name, or by number where she may be in danger from who sees it (D6).

    `guarded`: no other agency is named at all. `unnamed`: none that is seen under her consent alone.
    """

    def __init__(self, naming: Naming, *, guarded: bool, unnamed: bool) -> None:
        self._naming = naming
        self._guarded = guarded
        self._unnamed = unnamed
        self._numbers: dict[str, AgencyNamed] = {}

    def of(self, agency: str, *, shared: bool = False) -> AgencyNamed:
        """The agency with its name, or with none."""
        if agency == self._naming.acting.agency or not (self._guarded or (shared and self._unnamed)):
            return self._naming.agency(agency)
        number = len(self._numbers) + 1
        return self._numbers.setdefault(agency, AgencyNamed(agency=f"another-{number}", name=ANOTHER))

    @property
    def hidden(self) -> list[str]:
        """How those are called here that are not named."""
        return [each.agency for each in self._numbers.values()]

    def guard(self, detail: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """What is told of an own entry, without the names of others where none is named."""
        if not self._guarded:
            return dict(detail)
        own = self._naming.acting.agency
        slugs = {"service", *(name for name in ("recipient", "recipients") if detail.get(name) != own)}
        return {name: self._without_name(value) for name, value in detail.items() if name not in slugs}

    def _without_name(self, value: JsonValue) -> JsonValue:
        match value:
            case {"agency": str(agency), "name": str()}:
                return self.of(agency).model_dump()
            case _:
                return value


def told(lanes: Lanes, shown: Shown, own: str) -> dict[str, JsonValue]:
    """What is told of an entry of another agency's."""
    fact = shown.event.fact
    fields = _OF_CONSENT if isinstance(fact, ConsentRecorded | ConsentChanged) else _TOLD
    found: dict[str, JsonValue] = {} if shown.of is None else {"category": str(shown.of)}
    for name in type(fact).model_fields:
        value: Any = getattr(fact, name)
        if value is None or value == ():
            continue
        if name in fields:
            found[name] = plain(value)
        elif name in _AGENCIES and value in shown.circle | {own}:
            found[_AGENCIES[name]] = lanes.of(value, shared=True).model_dump()
    return found
