"""What every stored fact is: immutable, closed, and named for ever by its own type string."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.referrals.domain.frozen import frozen

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")]
"""BCP 47 language tag."""

CodedReason = Annotated[
    str, StringConstraints(pattern=r"^(?:[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?|[0-9]{6,18}|[0-9]{1,7}-[0-9])$")
]
"""An ICD-10-CM, SNOMED CT or LOINC code: text has no room here, it goes to the vault.

Its form alone, by which every stored one can be read; `code.require_code` looks at check digits when it is stated.
"""

Person = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@|-]{0,127}$")]
"""Subject of a staff member's sign-in (claim `sub`)."""


class Value(BaseModel):
    """A frozen, closed, strictly typed value: part of a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Fact(Value):
    """Something that happened. `TYPE` is its stored name, `<entity>.<event>.v<N>`; it never changes, whatever moves."""

    TYPE: ClassVar[str]


@frozen
class Happened:
    """A fact with what its envelope adds for the fold: when it happened (aware, UTC) and which agency recorded it.

    `id` is that of the event, `cause` that of the event from which it followed; `recorded_at` (UTC) is when it was
    stored, None for one that was not read from there.
    """

    fact: Fact
    at: datetime
    agency: str
    id: UUID | None = None
    cause: UUID | None = None
    recorded_at: datetime | None = None

    @property
    def pressed_at(self) -> datetime:
        """When somebody said so: what happened on a day before was written down afterwards."""
        return max(self.at, self.recorded_at or self.at)


class ForeignFact(TypeError):
    """A stream holds a fact of another entity: the log was damaged or the wrong stream was folded."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact.TYPE)
