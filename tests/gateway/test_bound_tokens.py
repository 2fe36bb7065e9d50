"""Systems of agencies come with tokens that are bound, and every process looks at what they are bound to."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from deploy.local.issuer import Claims
from services.measures import serving as measures
from services.measures.settings import MeasuresSettings
from services.referrals import serving as referrals
from services.referrals.settings import ServeSettings
from services.referrals.vault.keys import ensure_root_key
from tests.condition import until
from tests.gateway.house import INITIATIVES, House, running
from tests.holding import Holder

SYSTEM = Claims(subject="records-system", initiative="fresno-ptbi", roles=("system",), agency="example-clinic-north")
REFERRALS = "/v1/referrals?box=inbox"
HOLDER = Holder()


@pytest.fixture(scope="module")
def strict() -> Iterator[House]:
    """A house that asks systems for a proof, as in production; its neighbours on this machine are its proxies."""
    with running(CLOSEKNIT_BOUND_ROLES="system", CLOSEKNIT_TRUSTED_PROXIES="127.0.0.1") as house:
        yield house


@pytest.fixture(scope="module")
def open_to_nobody() -> Iterator[House]:
    """The same without a proxy."""
    with running(CLOSEKNIT_BOUND_ROLES="system") as house:
        yield house


def ask(house: House, **headers: str) -> httpx.Response:
    house.twin.heard.clear()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(f"{house.url}{REFERRALS}", headers=named)


def by_key(house: House) -> dict[str, str]:
    token = house.issuer.issue(SYSTEM, bound_to=HOLDER.by_key)
    return HOLDER.shown("GET", f"{house.url}{REFERRALS}", token)


def test_a_system_shows_that_it_holds_its_key(strict: House) -> None:
    headers = by_key(strict)
    assert ask(strict, **headers).status_code == 200
    sent_on = strict.twin.heard[-1][2]
    assert {name: sent_on[name] for name in headers} == headers, "the service behind looks again"
    assert ask(strict, **headers).status_code == 401, "once"


def test_a_system_without_a_proof_is_nobody(strict: House) -> None:
    bound = strict.issuer.issue(SYSTEM, bound_to=HOLDER.by_key)
    for token in (strict.issuer.issue(SYSTEM), bound):
        answer = ask(strict, authorization=f"Bearer {token}")
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
        assert "DPoP" in answer.headers["www-authenticate"]
    assert strict.twin.heard == []


def test_a_proxy_says_with_which_certificate(strict: House, open_to_nobody: House) -> None:
    shown = {"client_cert": HOLDER.client_cert}
    for house, status in ((strict, 200), (open_to_nobody, 401)):
        token = house.issuer.issue(SYSTEM, bound_to=HOLDER.by_certificate)
        assert ask(house, authorization=f"Bearer {token}", **shown).status_code == status
        assert ask(house, authorization=f"Bearer {token}", client_cert=Holder().client_cert).status_code == 401
    assert strict.twin.heard == []


def test_what_nobody_asked_for_goes_no_further(strict: House) -> None:
    staff = strict.issuer.issue(Claims(subject="s", initiative="fresno-ptbi", roles=("staff",), agency=SYSTEM.agency))
    answer = ask(strict, authorization=f"Bearer {staff}", dpop="a.b.c", client_cert=HOLDER.client_cert)
    assert answer.status_code == 200
    assert not strict.twin.heard[-1][2].keys() & {"dpop", "client-cert"}


def test_a_busy_system_is_no_stranger_to_the_limit() -> None:
    """Each of its requests is looked at, and none counts for its address; with a token that is not theirs they do."""
    with running(CLOSEKNIT_BOUND_ROLES="system", CLOSEKNIT_ADDRESS_RATE="0.2") as house:
        token = house.issuer.issue(SYSTEM, bound_to=HOLDER.by_key)
        url = f"{house.url}{REFERRALS}"
        with httpx.Client() as client:
            answers = [client.get(url, headers=HOLDER.shown("GET", url, token)).status_code for _ in range(12)]
            assert answers == [200] * 12
            wrong = {"authorization": f"DPoP {token}"}
            assert client.get(url, headers=wrong).status_code == 401
            until(lambda: client.get(url, headers=wrong).status_code == 429)


def behind(house: House, folder: Path) -> Iterator[ASGIApp]:
    common = {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_BOUND_ROLES": "system",
        "CLOSEKNIT_PUBLIC_URL": house.url,
        "CLOSEKNIT_ISSUER": house.issuer.url,
        "CLOSEKNIT_JWKS_URL": f"{house.issuer.url}/jwks",
        "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
    }
    ensure_root_key(folder)
    away = {f"CLOSEKNIT_{name}_DSN": "host=127.0.0.1 port=1" for name in ("REFERRALS", "IDENTITY", "MEASURES")}
    settings: Mapping[str, str] = {**common, **away, "CLOSEKNIT_KEYS": str(folder)}
    yield referrals.build(ServeSettings.from_env(settings))
    yield measures.build(MeasuresSettings.from_env(settings))


async def test_the_services_behind_look_again(strict: House, tmp_path: Path) -> None:
    for app, path in zip(behind(strict, tmp_path), ("/v1/referrals", "/v1/measures"), strict=True):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://behind") as client:
            for bound_to in (None, HOLDER.by_key, HOLDER.by_certificate):
                token = strict.issuer.issue(SYSTEM, bound_to=bound_to)
                shown = {"authorization": f"Bearer {token}", "client-cert": HOLDER.client_cert}
                assert (await client.get(path, headers=shown)).status_code == 401
            token = strict.issuer.issue(SYSTEM, bound_to=HOLDER.by_key)
            shown = HOLDER.shown("GET", f"{strict.url}{path}", token)
            assert (await client.get(path, headers=shown)).status_code != 401
            assert (await client.get(path, headers=shown)).status_code == 401
