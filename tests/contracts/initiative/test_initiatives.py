"""What the two initiatives say, and that a folder which says what cannot be is refused by name."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from contracts.calendar import Holiday
from contracts.initiative import BadInitiative, Initiative, load_initiative, load_initiatives

ROOT = Path(__file__).parents[3] / "deploy" / "initiatives"
INVENTED = {"Example", "Sample", "Muster", "Specimen", "Muestra", "Ejemplo", "Ficticia"}


@pytest.fixture(scope="module")
def both() -> dict[str, Initiative]:
    return load_initiatives(ROOT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "fresno-ptbi", tmp_path / "fresno-ptbi"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test changes what is there"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_fresno_is_as_printed(both: dict[str, Initiative]) -> None:
    fresno = both["fresno-ptbi"]
    assert fresno.backbone.name == "Central California Center for Health and Human Services at Fresno State"
    assert {name: count.number for name, count in fresno.counts.items()} == {
        "steering_committee": 22,
        "delegates": 19,
        "partners": 129,
        "organisations": 77,
    }
    assert [group.name for group in fresno.working_groups] == [
        "Shared Measures",
        "Preconception Health",
        "Care and Support of Pregnant Women",
        "Coordination of Care and Support",
        "Parents' Council",
    ]
    (target,) = fresno.targets
    assert (target.by_year, target.percent, target.reduction_percent) == (2025, 7.0, 37.0)
    assert sorted(baseline.percent for baseline in target.baselines) == [10.3, 11.1]


def test_san_francisco_is_as_printed(both: dict[str, Initiative]) -> None:
    francisco = both["expecting-justice-sf"]
    assert francisco.backbone.name == "San Francisco Department of Public Health"
    assert {name: count.number for name, count in francisco.counts.items()} == {"steering_committee": 17}
    assert francisco.targets[0].by_year == 2030
    assert [group.status for group in francisco.working_groups] == ["being formed"]
    assert "mini-grants" in {programme.slug for programme in francisco.programmes}


def test_both_follow_the_nine_principles(both: dict[str, Initiative]) -> None:
    assert {len(initiative.principles) for initiative in both.values()} == {9}


def test_every_printed_figure_names_its_source(both: dict[str, Initiative]) -> None:
    for initiative in both.values():
        assert all(count.source for count in initiative.counts.values())
        assert all(target.source and all(b.source for b in target.baselines) for target in initiative.targets)


def test_who_takes_part_in_practice_is_obviously_invented(both: dict[str, Initiative]) -> None:
    for initiative in both.values():
        for name in [a.name for a in initiative.agencies] + [person.name for person in initiative.practice]:
            assert INVENTED & set(name.split()), name


def test_every_side_can_sign_in(both: dict[str, Initiative]) -> None:
    for initiative in both.values():
        roles = {role for person in initiative.practice for role in person.roles}
        assert roles >= {"staff", "case_manager", "agency_admin", "working_group", "backbone"}
        groups = {group for person in initiative.practice for group in person.working_groups}
        assert groups == {group.slug for group in initiative.working_groups}


def test_each_has_a_hub_an_agency_by_letter_and_restricted_categories(both: dict[str, Initiative]) -> None:
    for initiative in both.values():
        assert initiative.hub in {agency.id for agency in initiative.agencies}
        assert initiative.restricted_topic
        assert any(not agency.on_system for agency in initiative.agencies)
        assert "behavioral_health" in {s.category for agency in initiative.agencies for s in agency.services}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("agencies.toml", 'counties = ["Fresno"]', 'counties = ["Atlantis"]', "Atlantis is no county of the state"),
        (
            "initiative.toml",
            'check_rule = "first_yes"',
            'check_rule = "first_yes"\ncounties = ["Maricopa"]',
            "Fresno is no county of the state",
        ),
        ("initiative.toml", 'hub = "sample-county-chw-hub"', 'hub = "nobody"', "hub: no such agency"),
        ("initiative.toml", "America/Los_Angeles", "America/Nowhere", "no such time zone"),
        ("initiative.toml", "residents_at_least = 73000", "residents_at_least = 19999", "zip_groups.0.residents"),
        ("initiative.toml", "restricted_topic = true", "restricted_topic = maybe", "initiative.toml"),
        ("initiative.toml", 'place = "Fresno', 'county = "Fresno', "place"),
        ("initiative.toml", 'nth = 3 },\n  { name = "Pres', 'nth = 0 },\n  { name = "Pres', "week.holidays.1"),
        ("agencies.toml", 'id = "sample-ride-help"', 'id = "sample-housing-help"', "agency sample-housing-help"),
        ("agencies.toml", 'id = "wic-east-lactation"', 'id = "food-pantry-boxes"', "service food-pantry-boxes"),
        ("agencies.toml", 'category = "wic"', 'category = "free-money"', "services.0.category"),
        ("practice.toml", 'agency = "example-food-pantry"', 'agency = "unknown-place"', "sign-in fina-example"),
        ("practice.toml", 'agency = "example-food-pantry"', "", "role staff"),
        ("practice.toml", '["shared-measures"]', '["no-such-group"]', "no such working group"),
    ],
)
def test_what_cannot_be_is_refused_by_name(folder: Path, file: str, old: str, new: str, says: str) -> None:
    change(folder / file, old, new)
    with pytest.raises(BadInitiative, match=says):
        load_initiative(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "agencies.toml").unlink()
    with pytest.raises(BadInitiative, match=r"fresno-ptbi/agencies\.toml is missing"):
        load_initiative(folder)


def test_a_real_system_has_no_practice_sign_ins(folder: Path) -> None:
    (folder / "practice.toml").unlink()
    assert load_initiative(folder).practice == ()


def test_one_agency_id_is_one_agency_in_all_initiatives(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "all")
    change(tmp_path / "all/expecting-justice-sf/agencies.toml", '"example-bay-clinic"', '"example-clinic-north"')
    change(tmp_path / "all/expecting-justice-sf/practice.toml", '"example-bay-clinic"', '"example-clinic-north"')
    with pytest.raises(BadInitiative, match="agency example-clinic-north"):
        load_initiatives(tmp_path / "all")


def test_no_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadInitiative, match="no folder"):
        load_initiatives(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("holiday", "year", "kept"),
    [
        (Holiday(name="New Year", month=1, day=1), 2023, date(2023, 1, 2)),  # a Sunday
        (Holiday(name="Veterans", month=11, day=11, saturday_on_friday=True), 2023, date(2023, 11, 10)),  # a Saturday
        (Holiday(name="Independence", month=7, day=4), 2026, date(2026, 7, 4)),  # a Saturday, kept on no other day
        (Holiday(name="Thanksgiving", month=11, weekday="thursday", nth=4), 2026, date(2026, 11, 26)),
        (Holiday(name="the day after", month=11, weekday="thursday", nth=4, plus_days=1), 2026, date(2026, 11, 27)),
        (Holiday(name="Memorial", month=5, weekday="monday", nth=-1), 2027, date(2027, 5, 31)),
        (Holiday(name="last of the year", month=12, weekday="friday", nth=-1), 2026, date(2026, 12, 25)),
        (Holiday(name="leap", month=2, day=29), 2024, date(2024, 2, 29)),
        (Holiday(name="leap", month=2, day=29), 2025, None),
        (Holiday(name="once", on=date(2026, 3, 2)), 2026, date(2026, 3, 2)),
        (Holiday(name="once", on=date(2026, 3, 2)), 2027, None),
    ],
)
def test_when_a_holiday_is_kept(holiday: Holiday, year: int, kept: date | None) -> None:
    assert holiday.kept_in(year) == kept
