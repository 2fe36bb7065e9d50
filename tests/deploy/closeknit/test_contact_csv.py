"""A contact log is read row by row; what cannot be read is said so without repeating it."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.closeknit.contact_csv import BadFile, Columns, LogRow, RefusedRow, check, rows, write_refused

NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)
COLUMNS = Columns("client", "agency", "at", "activity")
GOOD = "client,agency,at,activity\nN-1,Example Clinic,2026-11-16T09:00:00-08:00,doula\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


def read(path: Path, text: str | bytes) -> list[LogRow | RefusedRow]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    check(path, COLUMNS)
    return list(rows(path, COLUMNS, NOW))


def test_a_row_is_read_in_utc_trimmed_and_composed(log: Path) -> None:
    (row,) = read(log, "client,agency,at,activity\n N-1 ,Cafe\u0301,2026-11-16 09:00:00.250-08:00,doula\n")
    assert isinstance(row, LogRow)
    assert (row.client, row.agency) == ("N-1", "Caf\u00e9")
    assert row.at == datetime(2026, 11, 16, 17, 0, 0, 250_000, tzinfo=UTC)


def test_a_byte_order_mark_crlf_and_quotes_are_fine(log: Path) -> None:
    (row,) = read(log, b'\xef\xbb\xbfclient,agency,at,activity\r\nN-1,"Example, north",2026-11-16T09:00:00Z,wic\r\n')
    assert isinstance(row, LogRow)
    assert row.agency == "Example, north"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (",Example Clinic,2026-11-16T09:00:00Z,doula", "the client is empty"),
        ("N-1,,2026-11-16T09:00:00Z,doula", "the agency is empty"),
        ("N-1,Example Clinic,2026-11-16T09:00:00Z,  ", "the activity is empty"),
        ("N-1,Example Clinic,,doula", "the time is empty"),
        ("N-1,Example Clinic,16.11.2026 9:00,doula", "not in RFC 3339 form"),
        ("N-1,Example Clinic,2026-11-16T09:00:00,doula", "the time has no zone"),
        ("N-1,Example Clinic,2026-11-18T09:00:00Z,doula", "in the future"),
        ("N-1,Example Clinic,0001-01-01T00:00:00+14:00,doula", "before 1900"),
        ("N-1,Example Clinic,2026-11-16T09:00:00Z", "it has 3 cells where the header has 4"),
        ("N-1,Example Clinic,2026-11-16T09:00:00Z,doula,more", "it has 5 cells where the header has 4"),
        ("N-\x001,Example Clinic,2026-11-16T09:00:00Z,doula", "cannot be printed"),
        (f"{'N' * 1_001},Example Clinic,2026-11-16T09:00:00Z,doula", "too long"),
    ],
)
def test_a_row_that_cannot_be_a_contact_is_refused(log: Path, line: str, says: str) -> None:
    good, refused = read(log, f"{GOOD}{line}\n")
    assert isinstance(good, LogRow)
    assert isinstance(refused, RefusedRow)
    assert says in refused.reason
    assert "N-1" not in refused.reason


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "no header"),
        (b"client,agency,when,activity\n", "'at' is missing"),
        (b"client,agency,at,at,activity\n", "'at' is there twice"),
        (GOOD.encode() + "N-1,Café,2026-11-16T09:00:00Z,wic\n".encode("latin-1"), "not UTF-8"),
        (GOOD.encode() + b'N-1,"Example,2026-11-16T09:00:00Z,wic\n', "not CSV"),
    ],
)
def test_a_file_that_is_no_contact_log_is_refused_as_a_whole(log: Path, text: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read(log, text)


def test_a_file_that_is_not_there_is_said_so(log: Path) -> None:
    with pytest.raises(BadFile, match="cannot be opened"):
        check(log, COLUMNS)


def test_refused_rows_come_back_with_their_reasons_for_the_owner_alone(log: Path) -> None:
    found = read(log, f"{GOOD}N-2,Example Clinic\n,Example Clinic,2026-11-16T09:00:00Z,doula\n")
    target = log.with_name("refused.csv")
    write_refused(target, ("client", "agency", "at", "activity"), [r for r in found if isinstance(r, RefusedRow)])
    with target.open(newline="") as file:
        assert [row["reason"] for row in csv.DictReader(file)] == [
            "it has 2 cells where the header has 4",
            "the client is empty",
        ]
    assert target.stat().st_mode & 0o077 == 0


def test_progress_ends_at_the_size_of_the_file(log: Path) -> None:
    log.write_text(GOOD)
    seen: list[tuple[int, int]] = []
    assert len(list(rows(log, COLUMNS, NOW, lambda done, size: seen.append((done, size))))) == 1
    assert seen[-1] == (len(GOOD), len(GOOD))


def test_a_row_prints_nothing_of_itself(log: Path) -> None:
    (row,) = read(log, GOOD)
    assert "N-1" not in repr(row)
