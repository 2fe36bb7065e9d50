"""services/runtime holds what any process needs in order to run, and nothing else."""

from pathlib import Path

import grimp

from tests.architecture.runtime_rules import MOST_MODULES, used_by_few, words_of_the_field

RUNTIME = Path(__file__).parents[2] / "services" / "runtime"


def test_each_module_has_two_services_that_use_it() -> None:
    assert used_by_few(grimp.build_graph("services", cache_dir=None)) == []


def test_a_module_with_one_user_is_seen() -> None:
    graph = grimp.build_graph("services", cache_dir=None)
    graph.add_module("services.runtime.planted")
    graph.add_import(importer="services.gateway.settings", imported="services.runtime.planted")
    assert "services.runtime.planted is used by services.gateway" in used_by_few(graph)


def test_there_are_few_modules() -> None:
    rooms = [path for path in RUNTIME.iterdir() if path.name not in {"__init__.py", "__pycache__"}]
    assert len(rooms) <= MOST_MODULES


def test_no_word_of_the_field() -> None:
    assert words_of_the_field(RUNTIME) == []


def test_a_word_of_the_field_is_seen(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("def route(referral_id: str) -> None: ...\n")
    assert words_of_the_field(tmp_path) == ["planted.py:1: referral_id"]
