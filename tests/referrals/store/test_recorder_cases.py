"""Our recorder against eventsourcing's own recorder test cases, on the real PostgreSQL."""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest
from eventsourcing.persistence import ApplicationRecorder, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
from psycopg.conninfo import conninfo_to_dict
from uuid_utils.compat import uuid7

from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorder import Recorder
from services.referrals.store.written import Envelope
from tests.fix_servers import Databases
from tests.referrals.store.commits import RECEIVED, SENT, envelope, event


class WithoutEnvelopes(Recorder):
    """The test cases know no envelopes: every event gets one."""

    def envelope(self, event: StoredEvent) -> Envelope:
        assert isinstance(event.originator_id, UUID)
        return envelope(event.originator_id)


def datastore(databases: Databases, *, functions: bool = False) -> PostgresDatastore:
    place = conninfo_to_dict(databases.dsn("referrals"))
    return PostgresDatastore(
        dbname=str(place["dbname"]),
        host=str(place["host"]),
        port=str(place["port"]),
        user=str(place["user"]),
        password=str(place["password"]),
        pool_size=4,
        max_overflow=8,
        enable_db_functions=functions,
    )


@pytest.fixture
def given_datastore(databases: Databases, request: pytest.FixtureRequest) -> Iterator[None]:
    with datastore(databases) as made:
        request.cls.datastore = made
        yield


@pytest.mark.usefixtures("given_datastore")
class TestApplicationRecorder(ApplicationRecorderTestCase[ApplicationRecorder]):
    datastore: ClassVar[PostgresDatastore]

    def create_recorder(self) -> ApplicationRecorder:
        return WithoutEnvelopes(self.datastore)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


@pytest.mark.usefixtures("given_datastore")
class TestNonInterleavingPositions(NonInterleavingNotificationIDsBaseCase):
    datastore: ClassVar[PostgresDatastore]
    insert_num = 500

    def create_recorder(self) -> ApplicationRecorder:
        return WithoutEnvelopes(self.datastore)


def test_events_travel_through_recorder_and_mapper_with_their_envelopes(databases: Databases) -> None:
    mapper, stream = FactMapper(), uuid7()
    sent, received = (event(fact, stream=stream, version=n) for n, fact in [(1, SENT), (2, RECEIVED)])
    with datastore(databases) as store:
        recorder = Recorder(store)
        positions = recorder.insert_events([mapper.to_stored_event(each) for each in (sent, received)])
        back = [mapper.to_domain_event(each) for each in recorder.select_events(stream)]
        newest = recorder.select_events(stream, desc=True, limit=1)
        middle = recorder.select_events(stream, gt=1, lte=2)
    assert positions == [1, 2]
    assert [each.fact for each in back] == [SENT, RECEIVED]
    assert [each.envelope for each in back] == [sent.envelope, received.envelope]
    assert [each.position for each in back] == [1, 2]
    assert [each.originator_version for each in (*newest, *middle)] == [2, 2]


def test_a_lost_answer_is_found_again_without_a_second_event(databases: Databases) -> None:
    mapper, stored = FactMapper(), event(RECEIVED)
    with datastore(databases) as store:
        recorder = Recorder(store)
        first = recorder.insert_events([mapper.to_stored_event(stored)])
        again = recorder.insert_events([mapper.to_stored_event(stored)])
        assert first == again == [1]
        assert recorder.max_notification_id() == 1


def test_the_unsafe_switch_and_other_tables_are_refused(databases: Databases) -> None:
    with datastore(databases, functions=True) as unsafe, pytest.raises(ProgrammingError):
        Recorder(unsafe)
    with datastore(databases) as store:
        with pytest.raises(ProgrammingError):
            Recorder(store, events_table_name="other_events")
        with pytest.raises(ProgrammingError, match="envelope"):
            Recorder(store).insert_events([StoredEvent(uuid7(), 1, "referral.received.v1", b"{}")])
