"""Published events of a client: that she is there. Which client stands in `ce_subject`, as a pseudonym."""

from typing import ClassVar, TypeAlias

from contracts.events.event import Published


class ClientRegisteredV1(Published):
    """An agency registered a client."""

    TYPE: ClassVar[str] = "client.registered.v1"


ClientEvent: TypeAlias = ClientRegisteredV1
