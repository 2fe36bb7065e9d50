"""The public OpenAPI document: it is what the services say, and each operation names who answers and who may ask."""

from pathlib import Path

import pytest

from deploy import openapi
from services.gateway.access.authorize import OPEN, TABLE


def test_the_committed_document_is_what_the_services_say() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text(), "run python -m deploy.openapi"


@pytest.mark.slow
def test_check_goes_red_on_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drifted = tmp_path / "openapi.json"
    drifted.write_text(openapi.text().replace("send_referral", "post_referral"), encoding="utf-8")
    monkeypatch.setattr(openapi, "FILE", drifted)
    assert openapi.main(["--check"]) == 1
    assert openapi.main([]) == 0
    assert openapi.main(["--check"]) == 0


def test_every_operation_names_its_service_and_roles_as_the_decision_point_has_them() -> None:
    operations = [each for path in openapi.merged(openapi.documents())["paths"].values() for each in path.values()]
    assert {each["x-closeknit-service"] for each in operations} == {"referrals", "measures"}
    signed_in = {each["operationId"]: frozenset(each["x-roles"]) for each in operations if each["security"]}
    assert signed_in == dict(TABLE)
    assert {each["operationId"] for each in operations if not each["security"]} == OPEN


def test_two_services_cannot_claim_one_address() -> None:
    document = openapi.documents()["referrals"]
    with pytest.raises(ValueError, match="two services answer"):
        openapi.merged({"referrals": document, "measures": document})
