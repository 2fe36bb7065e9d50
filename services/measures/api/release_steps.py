"""What the backbone does with releases over HTTP: one person builds a draft, another approves it, any withdraws it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any, Final, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection

from services.measures.api.problems import REFUSALS, problem_of
from services.measures.api.release_shapes import Approved, BeingBuilt, Built, ReleaseShown, WithdrawnFor
from services.measures.api.releases import AtPool, Pool
from services.measures.application.building import Builds, StillBuilding
from services.measures.releases import deciding, ledger, writing
from services.measures.releases.build import Order
from services.measures.releases.deciding import Says
from services.measures.releases.ledger import Release
from services.runtime.auth import Principal, Roles
from services.runtime.http import Call, Part, Reply, lean_router
from services.runtime.http.problem import idempotency_key_reused

router = lean_router()

Backbone = Annotated[Principal, Roles("backbone")]


class Building(NamedTuple):
    """How a release of an initiative is built, and which are being built."""

    build: Callable[[str, Order], Release]
    builds: Builds[Release]


AtBuilding = Annotated[Building, Part("building")]
UNDER_WAY: Final = "It is being built. The same request under the same key gives it when it is done."
Given = TypeVar("Given")


@router.post("/v1/releases", status_code=201, responses={202: {"model": BeingBuilt, "description": UNDER_WAY}})
async def build_release(
    principal: Backbone, call: Call, building: AtBuilding, pool: AtPool, body: Built
) -> Reply[ReleaseShown | BeingBuilt]:
    """Builds a draft of one period; the backbone alone sees it until another person approves it.

    Where there is much to count it is 202: whoever sends the same under the same key gets it when it is done.
    """

    def made() -> Release:
        order = Order(principal.subject, body.period, body.cutoff, body.measures)
        found = building.build(principal.initiative, order)
        with pool.connection() as connection:
            _keep(connection, principal, call, found.id)
        return found

    def found_or_made() -> tuple[Release, bool]:
        with pool.connection() as connection:
            known = _known(connection, principal, call)
        if known is not None:
            return known, True
        call.makes_new()
        key = (principal.initiative, principal.subject, call.idempotency_key, call.fingerprint_text)
        return building.builds.done(key, made), False

    try:
        found, replayed = await asyncio.to_thread(_refusing, found_or_made)
    except StillBuilding:
        return Reply(BeingBuilt(name=body.period), status=202)
    location = f"/v1/releases/{found.id}"
    shown = ReleaseShown.of(found, principal)
    return Reply(shown, version=found.version, location=location, replayed=replayed)


@router.post("/v1/releases/{release}/approve")
async def approve_release(
    principal: Backbone, call: Call, pool: AtPool, release: UUID, body: Approved
) -> Reply[ReleaseShown]:
    """Publishes a draft that another person built; from now on groups read it.

    409 `own-release` for who built it; `release-overlaps` where another about overlapping times was published since.
    """
    del body
    says = _says(principal, call)
    return await _decided(pool, principal, lambda on: deciding.approve(on, release, says))


@router.post("/v1/releases/{release}/withdraw")
async def withdraw_release(
    principal: Backbone, call: Call, pool: AtPool, release: UUID, body: WithdrawnFor
) -> Reply[ReleaseShown]:
    """Takes a release's figures away for everybody; that it was there stays, and why it is not."""
    says = _says(principal, call)
    return await _decided(pool, principal, lambda on: deciding.withdraw(on, release, says, body.reason))


def _says(principal: Principal, call: Call) -> Says:
    return Says(principal.subject, principal.initiative, lambda found: call.require(found.version))


async def _decided(
    pool: Pool, principal: Principal, decide: Callable[[Connection[Any]], Release]
) -> Reply[ReleaseShown]:
    def done() -> Release:
        with pool.connection() as connection:
            return decide(connection)

    found = await asyncio.to_thread(_refusing, done)
    return Reply(ReleaseShown.of(found, principal), version=found.version)


def _refusing(command: Callable[[], Given]) -> Given:
    try:
        return command()
    except REFUSALS as refusal:
        raise problem_of(refusal) from None


def _known(connection: Connection[Any], principal: Principal, call: Call) -> Release | None:
    """The release that this very command made before. Raises 422 for another command under its key."""
    if call.idempotency_key is None:
        return None
    found = writing.made_by(connection, principal.initiative, principal.subject, _sha256(call.idempotency_key.encode()))
    if found is None:
        return None
    release, fingerprint = found
    if fingerprint != _sha256(call.fingerprint_text):
        raise idempotency_key_reused()
    return ledger.find(connection, release)


def _keep(connection: Connection[Any], principal: Principal, call: Call, release: UUID) -> None:
    if call.idempotency_key is not None:
        key, fingerprint = _sha256(call.idempotency_key.encode()), _sha256(call.fingerprint_text)
        writing.keep(connection, (principal.initiative, principal.subject, key), fingerprint, release)


def _sha256(text: bytes) -> bytes:
    """A release's order holds no identity, so that a plain hash does (R9)."""
    return sha256(text).digest()
