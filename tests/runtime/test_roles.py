"""The mark of an endpoint's principal, as a plain FastAPI application meets it."""

from typing import Annotated

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from services.runtime.auth import AuthProblem, Principal, Roles
from tests.runtime.test_auth import signed, verifier

Staff = Annotated[Principal, Roles("staff", "case_manager")]
Anybody = Annotated[Principal, Roles()]


def application() -> FastAPI:
    app = FastAPI()
    app.state.verifier = verifier()

    @app.get("/staff")
    async def staff(principal: Staff) -> str:
        return principal.subject

    @app.get("/anybody")
    async def anybody(principal: Anybody) -> str:
        return principal.subject

    @app.exception_handler(AuthProblem)
    async def refused(_: Request, problem: AuthProblem) -> JSONResponse:
        return JSONResponse({"type": problem.slug}, problem.status)

    return app


async def test_an_endpoint_names_its_roles() -> None:
    backbone = {"authorization": f"Bearer {signed(roles=['backbone'], agency=None)}"}
    staff = {"authorization": f"Bearer {signed()}"}
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/staff", headers=staff)).json() == "staff-1"
        assert (await client.get("/staff", headers=backbone)).json() == {"type": "role-forbids"}
        assert (await client.get("/anybody", headers=backbone)).json() == "staff-1"
        assert (await client.get("/anybody")).json() == {"type": "not-signed-in"}
