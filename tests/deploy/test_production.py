"""No process starts in production with a setting that was made for one machine, or without a secret of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module

import pytest

from deploy.settings_page import PROCESSES
from services.runtime.auth import Confirmation, Principal, possession_for
from services.runtime.settings import CallerSettings, RuntimeSettings, SettingsProblem, is_local, secret

WHOLE: Mapping[str, str] = {
    "CLOSEKNIT_ENVIRONMENT": "production",
    "CLOSEKNIT_REFERRALS_DSN": "postgresql://referrals_app:one@db.example/referrals",
    "CLOSEKNIT_IDENTITY_DSN": "postgresql://identity_app:two@db.example/identity",
    "CLOSEKNIT_MEASURES_DSN": "postgresql://measures_app:three@db.example/measures",
    "CLOSEKNIT_SESSION_KEY": "5" * 64,
    "CLOSEKNIT_ENDED_SIGN_INS": "/var/lib/closeknit/sign-ins",
    "CLOSEKNIT_KEYS": "/run/secrets/closeknit",
    "CLOSEKNIT_ISSUER": "https://sign-in.example",
    "CLOSEKNIT_JWKS_URL": "https://sign-in.example/jwks",
    "CLOSEKNIT_PUBLIC_URL": "https://closeknit.example",
    "CLOSEKNIT_KAFKA": "kafka.example:9093",
    "CLOSEKNIT_KAFKA_USER": "a-user",
    "CLOSEKNIT_KAFKA_PASSWORD_FILE": "/run/secrets/kafka",
    "CLOSEKNIT_KAFKA_CA": "/etc/ssl/certs/kafka.pem",
}
"""What a county names: nothing else is needed."""


def settings(process: str) -> type[RuntimeSettings]:
    module, name = PROCESSES[process]
    found: type[RuntimeSettings] = getattr(import_module(module), name)
    return found


def needed() -> Iterator[tuple[str, str]]:
    for process in PROCESSES:
        for variable, field in settings(process).variables().items():
            if field.is_required() or is_local(field):
                yield process, variable


def local() -> Iterator[tuple[str, str, str]]:
    for process in PROCESSES:
        for variable, field in settings(process).variables().items():
            if is_local(field) and isinstance(field.default, str):
                yield process, variable, field.default


@pytest.mark.parametrize("process", PROCESSES)
def test_what_a_county_names_is_enough(process: str) -> None:
    assert settings(process).from_env(WHOLE).in_production


@pytest.mark.parametrize(("process", "variable"), sorted(needed()))
def test_what_is_left_out_stops_the_start(process: str, variable: str) -> None:
    with pytest.raises(SettingsProblem) as refused:
        settings(process).from_env({name: value for name, value in WHOLE.items() if name != variable})
    assert list(refused.value.problems) == [variable]


@pytest.mark.parametrize(("process", "variable", "default"), sorted(local()))
def test_what_is_made_for_one_machine_stops_the_start(process: str, variable: str, default: str) -> None:
    with pytest.raises(SettingsProblem) as refused:
        settings(process).from_env({**WHOLE, variable: default})
    assert list(refused.value.problems) == [variable]
    assert default not in str(refused.value)


@pytest.mark.parametrize("variable", ["CLOSEKNIT_PUBLIC_URL", "CLOSEKNIT_ISSUER", "CLOSEKNIT_JWKS_URL"])
@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_goes_in_the_clear_over_a_network(process: str, variable: str) -> None:
    if variable not in settings(process).variables():
        return
    with pytest.raises(SettingsProblem) as refused:
        settings(process).from_env({**WHOLE, variable: "http://closeknit.example"})
    assert list(refused.value.problems) == [variable]


@pytest.mark.parametrize("process", PROCESSES)
def test_without_an_environment_it_is_production(process: str) -> None:
    with pytest.raises(SettingsProblem):
        settings(process).from_env({})
    assert settings(process).from_env({**WHOLE, "CLOSEKNIT_ENVIRONMENT": ""}).in_production


def test_a_default_key_is_refused_wherever_it_comes_from() -> None:
    class Careless(RuntimeSettings):
        key: str = secret(development="known to everybody")

    assert Careless.from_env({"CLOSEKNIT_ENVIRONMENT": "development"})
    for named in ({}, {"CLOSEKNIT_KEY": "known to everybody"}):
        with pytest.raises(SettingsProblem) as refused:
            Careless.from_env(named)
        assert list(refused.value.problems) == ["CLOSEKNIT_KEY"]


def test_no_secret_has_a_default() -> None:
    """One that is known is no secret, in development neither: the supervisor makes them anew for each state folder."""
    for process in PROCESSES:
        for variable, field in settings(process).variables().items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            assert not extra.get("secret") or extra.get("development") is None, variable


@pytest.mark.parametrize("process", [each for each in PROCESSES if issubclass(settings(each), CallerSettings)])
def test_a_system_shows_what_its_token_is_bound_to(process: str) -> None:
    system = Principal("records-system", "an-initiative", "an-agency", frozenset({"system"}))
    for environment, admitted in (("production", False), ("development", True)):
        found = settings(process).from_env({**WHOLE, "CLOSEKNIT_ENVIRONMENT": environment})
        assert isinstance(found, CallerSettings)
        assert possession_for(found).admits(system) is admitted
        assert possession_for(found).admits(replace(system, bound_to=Confirmation(key="k")))
        assert possession_for(found).admits(replace(system, roles=frozenset({"staff"})))
