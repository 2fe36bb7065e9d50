"""One referral's life over the API: registered, sent, answered, served, ended, told."""

from collections.abc import Callable

from tests.referrals.api.conftest import Caller

DOULA = {"agency": "example-doula-network", "service": "doula-network-birth-support"}


def test_a_referral_from_the_first_press_to_the_loop_closed(
    north: Caller, doulas: Caller, fresh: Callable[[], str]
) -> None:
    client = north.done("/v1/clients", {"names": [{"given": "Testa", "family": fresh()}]})["client"]
    sent = north.done(
        "/v1/referrals",
        {
            "client": client,
            "to": DOULA,
            "category": "doula",
            "consent": {"agreed": True, "how": "spoken", "on": "2026-01-02", "fields": ["name", "note"]},
            "note": "Afternoons only",
        },
    )
    path = f"/v1/referrals/{sent['referral']}"
    print(sent)
    print(doulas.seen(path))
    print(doulas.seen(path + "/given"))
    print(doulas.done(path + "/receive"))
    print(doulas.done(path + "/accept", {"on": "2026-02-01"}))
    theirs = doulas.seen(path)["client"]["client"]
    contact = doulas.done(f"/v1/clients/{theirs}/contacts", {"mode": "home_visit", "outcome": "completed", "referral": sent["referral"]})
    print(contact)
    print(doulas.done(path + "/complete", {"outcome": "service_begun", "contact": contact["contact"]}))
    print(north.seen("/v1/work?kind=acknowledge"))
    print(north.done(path + "/acknowledge"))
    print(north.seen(path))
    print(north.seen(f"/v1/clients/{client}/timeline"))
    print(doulas.seen(f"/v1/clients/{theirs}/timeline"))
    print(doulas.done("/v1/clients/search", {"text": "testa"}))
