"""The public document: what the services say, once each, and no other."""

import copy
from typing import Any

import pytest

from deploy import openapi
from deploy.openapi import FILE, documents, main, merged, text
from services.gateway.access.authorize import Resource, authorize

Json = dict[str, Any]


def service(path: str, action: str, **schemas: Json) -> Json:
    described = {"operationId": action, "responses": {"200": {"$ref": "#/components/schemas/Thing"}}}
    return {"paths": {path: {"get": described}}, "components": {"schemas": schemas}}


def test_the_committed_document_is_what_the_services_say() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "python -m deploy.openapi writes it anew"
    assert main(["--check"]) == 0


def test_a_document_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(openapi, "text", lambda: "{}")
    assert main(["--check"]) == 1
    assert "python -m deploy.openapi" in capsys.readouterr().err


def test_every_operation_is_described_and_guarded() -> None:
    document = merged(documents())
    assert document["openapi"] == "3.1.0"
    for path, item in document["paths"].items():
        assert path.startswith("/v1/")
        for operation in item.values():
            assert operation["x-closeknit-service"] in {"referrals", "measures"}
            assert operation.get("summary")
            anybody = authorize(None, operation["operationId"], Resource(path, ()))
            assert anybody.allowed == (operation["security"] == []), operation["operationId"]
            assert operation["security"] in ([], [{"bearer": []}])


def test_a_schema_of_one_name_and_two_meanings_is_kept_twice() -> None:
    same, other = {"type": "object"}, {"type": "string"}
    document = merged({"one": service("/v1/a", "a", Thing=same), "two": service("/v1/b", "b", Thing=other)})
    assert document["components"]["schemas"] == {"Thing": same, "TwoThing": other}
    found = [item["get"]["responses"]["200"]["$ref"].rpartition("/")[2] for item in document["paths"].values()]
    assert found == ["Thing", "TwoThing"]
    agreed = merged({"one": service("/v1/a", "a", Thing=same), "two": service("/v1/b", "b", Thing=copy.copy(same))})
    assert list(agreed["components"]["schemas"]) == ["Thing"]


@pytest.mark.parametrize(("path", "action"), [("/v1/a", "b"), ("/v1/b", "a")])
def test_nothing_is_claimed_twice(path: str, action: str) -> None:
    with pytest.raises(ValueError, match=r"two services answer|claimed twice"):
        merged({"one": service("/v1/a", "a", Thing={}), "two": service(path, action, Thing={})})
