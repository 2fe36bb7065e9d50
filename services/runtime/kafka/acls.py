"""Who may do what, as the brokers have it: compared with the rules that are wanted, and put right."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import AuthorizationError, KafkaError

from services.runtime.kafka.clients import KafkaProblem
from services.runtime.settings import Kafka, options_of

_ANYWHERE: Final = "*"
_LEARNED_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.05
_TYPES: Final = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}
_EVERY: Final = ACLFilter(
    principal=None,
    host=None,
    operation=ACLOperation.ANY,
    permission_type=ACLPermissionType.ANY,
    resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)


class Allowed(NamedTuple):
    """`user` may do `operation` (as Kafka's documents spell it: Read, Write, Describe) with a topic or a group."""

    user: str
    operation: str
    resource: str
    name: str

    def acl(self) -> ACL:
        """As Kafka's client takes it."""
        return ACL(
            principal=f"User:{self.user}",
            host=_ANYWHERE,
            operation=ACLOperation[self.operation.upper()],
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(_TYPES[self.resource], self.name),
        )


def allow(kafka: Kafka, wanted: Collection[Allowed], topics: Collection[str]) -> tuple[list[str], list[str]]:
    """Make what is missing and take away what nobody wants of these topics and users; both as sentences.

    It holds when this returns: a broker learns its rules a moment later. Raises KafkaProblem where they are refused.
    """
    admin = KafkaAdminClient(**options_of(kafka), client_id="acls")
    try:
        missing, surplus = _compared(_stand(admin), wanted, topics)
        if missing and (failed := admin.create_acls(missing)["failed"]):
            raise KafkaProblem(f"{len(failed)} rules of access were refused")
        if surplus:
            _delete(admin, surplus)
        deadline = time.monotonic() + _LEARNED_SECONDS
        while any(_compared(_stand(admin), wanted, topics)):
            if time.monotonic() > deadline:
                raise KafkaProblem("the brokers did not learn the rules of access in time")
            time.sleep(_LOOK_SECONDS)
        return [_sentence(each) for each in missing], [_sentence(each) for each in surplus]
    finally:
        admin.close()


def acl_differences(kafka: Kafka, wanted: Collection[Allowed], topics: Collection[str]) -> list[str]:
    """One sentence for each way in which the brokers' rules are not those that are wanted."""
    admin = KafkaAdminClient(**options_of(kafka), client_id="acls")
    try:
        missing, surplus = _compared(_stand(admin), wanted, topics)
    finally:
        admin.close()
    said = [f"{_sentence(each)} by the contract, and the brokers have no such rule" for each in missing]
    return said + [f"{_sentence(each)}, and no contract says so" for each in surplus]


def _stand(admin: KafkaAdminClient) -> list[ACL]:
    try:
        found, error = admin.describe_acls(_EVERY)
    except AuthorizationError as refused:
        raise KafkaProblem("the brokers do not tell this user who may do what") from refused
    if error.errno:
        raise KafkaProblem(f"the brokers do not say who may do what: {error.__name__}")
    return list(found)


def _compared(
    stand: Iterable[ACL], wanted: Collection[Allowed], topics: Collection[str]
) -> tuple[list[ACL], list[ACL]]:
    """What is missing; and what nobody wants, of these topics or of a user who is wanted for something."""
    right, there = {each.acl() for each in wanted}, set(stand)
    users = {acl.principal for acl in right}
    surplus = [acl for acl in there - right if acl.principal in users or _reaches(acl.resource_pattern, topics)]
    return sorted(right - there, key=_sentence), sorted(surplus, key=_sentence)


def _reaches(pattern: ResourcePattern, topics: Collection[str]) -> bool:
    if pattern.resource_type != ResourceType.TOPIC:
        return False
    if pattern.pattern_type == ACLResourcePatternType.PREFIXED:
        return any(topic.startswith(pattern.resource_name) for topic in topics)
    return pattern.resource_name in {*topics, _ANYWHERE}


def _delete(admin: KafkaAdminClient, surplus: Iterable[ACL]) -> None:
    filters = [
        ACLFilter(each.principal, each.host, each.operation, each.permission_type, each.resource_pattern)
        for each in surplus
    ]
    try:
        results = admin.delete_acls(filters)
    except KafkaError as error:
        raise KafkaProblem(f"a rule of access could not be taken away: {type(error).__name__}") from error
    if any(error.errno for _, _, error in results):
        raise KafkaProblem("a rule of access could not be taken away")


def _sentence(acl: ACL) -> str:
    may = "may" if acl.permission_type == ACLPermissionType.ALLOW else "may not"
    pattern = acl.resource_pattern
    begins = " and whatever begins so" if pattern.pattern_type == ACLResourcePatternType.PREFIXED else ""
    what = f"{pattern.resource_type.name.lower()} {pattern.resource_name}{begins}"
    return f"{acl.principal.removeprefix('User:')} {may} {acl.operation.name.lower()} {what}"
