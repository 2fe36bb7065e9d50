"""The floor of bench-submit: one FastAPI worker whose endpoint takes the same body and does one INSERT with psycopg."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel

TABLE = "CREATE TABLE IF NOT EXISTS floor (id uuid PRIMARY KEY, body jsonb NOT NULL)"


class To(BaseModel):
    """Who is asked."""

    agency: str
    service: str


class Consent(BaseModel):
    """By id."""

    id: str


class Referral(BaseModel):
    """The body of POST /v1/referrals in the bench."""

    client: str
    to: To
    category: str
    consent: Consent


class Sent(BaseModel):
    """The answer."""

    referral: UUID
    client: str
    state: str


def build(dsn: str) -> FastAPI:
    """The app over a pool of 16 connections, as many as the bench has."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            dsn, min_size=16, max_size=16, open=False, kwargs={"autocommit": True}
        )
        async with pool:
            async with pool.connection() as connection:
                await connection.execute(TABLE)
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/referrals", status_code=201)
    async def send(body: Referral) -> Sent:
        id = uuid4()
        async with app.state.pool.connection() as connection:
            await connection.execute("INSERT INTO floor (id, body) VALUES (%s, %s)", [id, Jsonb(body.model_dump())])
        return Sent(referral=id, client=body.client, state="sent")

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    return app


if __name__ == "__main__":
    uvicorn.run(
        build(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False
    )
