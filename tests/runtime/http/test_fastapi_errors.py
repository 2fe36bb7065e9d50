"""What FastAPI itself refuses is told like the rest: where it is, and nothing that was typed."""

from fastapi.exceptions import RequestValidationError

from services.runtime.http.malformed import fastapi_errors


def test_a_name_that_was_typed_is_not_said_again() -> None:
    unknown = {"type": "extra_forbidden", "loc": ("query", "Testa Canary"), "msg": "Extra", "input": "1"}
    missing = {"type": "missing", "loc": ("query", "measure"), "msg": "Field required", "input": {}}
    found = fastapi_errors(RequestValidationError([unknown, missing]))
    assert [(each.pointer, each.code) for each in found] == [("/query", "unknown_field"), ("/query/measure", "missing")]
    assert found[1].message == "This is required."
    assert "Canary" not in repr(found)
