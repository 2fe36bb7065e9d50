"""Configuration is the ground of the directory: it loads what is not there, and what somebody edited stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import psycopg
import pytest

from contracts.initiative import Initiative
from services.referrals.application.configuration import load
from services.referrals.directory import Directory
from services.referrals.directory.entries import configured
from services.referrals.domain.directory import AgencyStated, agency, agency_stream
from services.referrals.domain.directory.agency import EditAgency
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.directory_log import whole_directory
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Written, happened
from services.runtime.clock import SystemClock
from tests.fix_servers import Databases
from tests.referrals.api.conftest import FRESNO, INITIATIVES
from tests.referrals.store.commits import envelope

MAPPER = FactMapper()
PANTRY = "example-food-pantry"
STREAM = agency_stream(FRESNO, PANTRY)


@dataclass
class Ground:
    """A store and the initiatives whose files it follows."""

    connection: psycopg.Connection
    initiatives: tuple[Initiative, ...]

    def load(self) -> int:
        return load(self.connection, self.initiatives, SystemClock(), MAPPER)

    def history(self) -> list[Written]:
        return [event for event in whole_directory(self.connection, MAPPER) if event.stream == STREAM]

    def stands(self) -> AgencyStated:
        state = agency.fold(happened(self.history()))
        assert state is not None
        return state.stated

    def file_says(self, name: str) -> None:
        """The initiative's file calls the pantry something else from now on."""

        def renamed(initiative: Initiative) -> Initiative:
            agencies = [
                each.model_copy(update={"name": name}) if each.id == PANTRY else each for each in initiative.agencies
            ]
            return initiative.model_copy(update={"agencies": tuple(agencies)})

        self.initiatives = tuple(renamed(each) for each in self.initiatives)

    def somebody_says(self, name: str) -> None:
        history = self.history()
        profile = self.stands().profile.model_copy(update={"name": name})
        (fact,) = agency.decide(EditAgency(profile=profile), agency.fold(happened(history)))
        said = Written(STREAM, history[-1].version + 1, fact, replace(envelope(STREAM), agency=PANTRY))
        append_batch(self.connection, [Commit((said,))], MAPPER)


@pytest.fixture
def ground(databases: Databases) -> Iterator[Ground]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        yield Ground(connection, Directory.read(INITIATIVES).initiatives)


def test_everything_is_loaded_once(ground: Ground) -> None:
    assert ground.load() == sum(1 for each in ground.initiatives for _ in configured(each))
    assert ground.load() == 0
    [first] = ground.history()
    assert (first.version, first.envelope.agency, first.envelope.actor) == (1, "backbone", "configuration")


def test_what_nobody_edited_follows_its_file(ground: Ground) -> None:
    ground.load()
    ground.file_says("Example Pantry of the East")
    assert ground.load() == 1
    assert ground.stands().profile.name == "Example Pantry of the East"


def test_what_somebody_edited_stands_whatever_the_file_says(ground: Ground) -> None:
    ground.load()
    ground.somebody_says("Pantry as it calls itself")
    ground.file_says("Example Pantry of the East")
    assert ground.load() == 0
    assert ground.stands().profile.name == "Pantry as it calls itself"
