"""The page of the watch (R19): its count on the work list, and what stands on it; no more than that (R8)."""

import httpx

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_twin import DOULAS, NORTH


def test_r19_the_work_list_says_how_many_and_leads_there(house: House, visitor: httpx.Client) -> None:
    assert "/work/watch" not in visitor.get("/work").text
    house.twin.watched.append(house.twin.send(NORTH, DOULAS, "doula", house.twin.nora, days=9))
    assert "Coordination watches 1 referral<" in visitor.get("/work").text
    page = visitor.get("/work/watch")
    assert Reading(page.text).headings[0] == "You watch over 1 referral"
    assert Reading(page.text).wrong == []
    for each in ("Nora Muster", "Example Clinic North", "Example Doula Network", "An answer is waited for"):
        assert each in page.text
    assert f"/referrals/{house.twin.watched[0]}" not in page.text


def test_r19_nothing_to_watch_over_has_words_and_others_have_no_such_page(house: House, visitor: httpx.Client) -> None:
    assert Reading(visitor.get("/work/watch").text).headings[0] == "There is nothing to watch over"
    house.twin.watched.append(house.twin.referral)
    with house.visitor("hector-ejemplo") as staff_alone:
        assert staff_alone.get("/work/watch").status_code == 403
        assert "/work/watch" not in staff_alone.get("/work").text
