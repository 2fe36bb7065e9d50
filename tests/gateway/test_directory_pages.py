"""The pages of the directory: room said with one press, who has room, entries edited by whoever looks after them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.gateway.pages import terms
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_steps import press
from tests.gateway.upstream_twin import DOULAS

NORTH = "/directory/agencies/example-clinic-north"
TODAY = datetime.now(UTC).date()
STAFF, ADMIN, BACKBONE = "sam-specimen", "ada-example", "bea-backbone-example"
ROOM = "/directory/services/chw/room"


def heard(house: House, action: str) -> list[dict[str, Any]]:
    return [body for name, body, _ in house.twin.heard if name == action]


def post(visitor: httpx.Client, page: str, action: str, **fields: Any) -> httpx.Response:
    """Fill in the form of a page that goes to `action` and send it."""
    return visitor.post(action, data={**hidden(visitor.get(page), action), **fields})


class TestRoom:
    def test_two_presses_say_it(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            work = visitor.get("/work")
            assert 'href="/directory"' in work.text
            answer = press(visitor, visitor.get("/directory"), ROOM, room="full")
            assert answer.url.path == "/directory"
            assert "Everybody who looks for this service sees it." in answer.text
            assert "They said so today." in answer.text
        assert heard(house, "state_capacity")[-1] == {"room": "full"}
        [headers] = [each for name, _, each in house.twin.heard if name == "state_capacity"]
        assert headers["if-match"] == '"1"'

    def test_more_can_be_said(self, house: House) -> None:
        day = (TODAY + timedelta(days=40)).isoformat()
        with house.visitor(STAFF) as visitor:
            press(visitor, visitor.get("/directory"), ROOM, room="waitlist", waiting="4", **{"from": day})
        assert heard(house, "state_capacity")[-1] == {"room": "waitlist", "from_on": day, "waitlist_length": 4}

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"room": ""}, "Say whether there is room"),
            ({"room": "waitlist", "waiting": "many"}, "Write how many wait as a number"),
            ({"room": "full", "from": "soon"}, "Give the day from which there is room"),
            ({"room": "not_known", "from": "2199-01-01"}, "Give the day from which there is room"),
        ],
    )
    def test_what_is_wrong_is_said_in_its_place(self, house: House, fields: dict[str, str], said: str) -> None:
        with house.visitor(STAFF) as visitor:
            answer = press(visitor, visitor.get("/directory"), ROOM, **fields)
            assert answer.status_code == 422
            assert said in answer.text

    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            ({"room": "open", "room_age_days": 3}, ("Has room", "They said so 3 days ago.")),
            ({"room": "waitlist", "room_age_days": 0, "waitlist_length": 2}, ("Waiting list, 2 wait", "today")),
            ({"room": "full", "room_age_days": 1, "usually_answers_days": 1}, ("Full", "Usually answers in 1 day.")),
            ({"room": "not_known", "room_age_days": 41}, ("Room not known", "41 days ago: too old to rely on")),
            ({"room": "not_known"}, ("Room not known", "Nobody has said so yet.")),
        ],
    )
    def test_r15_room_and_its_age_stand_beside_a_service(
        self, house: House, entry: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        house.twin.entries["birth-doula"] = entry
        with house.visitor(STAFF) as visitor:
            for page in (visitor.get("/directory").text, self.send_page(visitor)):
                for each in words:
                    assert each in page

    def send_page(self, visitor: httpx.Client) -> str:
        fields = {**hidden(visitor.get("/referrals/new"), "/referrals/new"), "need": "doula", "do": "services"}
        return visitor.post("/referrals/new", data=fields).text


class TestLooking:
    def test_what_is_typed_goes_into_the_body_and_no_address(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            answer = post(visitor, "/directory", "/directory", text="birth", zip="93706", category="doula")
            assert "1 service fits" in answer.text
            assert answer.url.query == b""
        asked = {"text": "birth", "category": "doula", "fit": {"zip": "93706"}}
        assert asked in heard(house, "search_services")

    def test_nothing_found_and_nothing_there_have_words(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            assert "No service fits" in post(visitor, "/directory", "/directory", text="nobody").text
            wrong = post(visitor, "/directory", "/directory", zip="9370x")
            assert wrong.status_code == 422
            assert "A ZIP code has 5 digits" in wrong.text

    def test_where_nothing_fits_her_it_is_said_in_what_and_what_there_is(self, house: House) -> None:
        house.twin.entries |= {
            "birth-doula": {"languages": ["en"], "zips": ["93706"]},
            "diapers": {"category": "doula", "languages": ["en", "es"], "zips": ["93650"]},
        }
        with house.visitor(STAFF) as visitor:
            asked = {"category": "doula", "zip": "93706", "language": "es"}
            page = post(visitor, "/directory", "/directory", **asked).text
            assert Reading(page).wrong == []
            for said in ("No service fits", "Nobody offers this in Spanish near 93706.", "Birth doula", "Diapers"):
                assert said in page
            assert "Of those who offer it: 1 speaks Spanish and 1 serves 93706." in page
            assert page.count("They do not serve 93706.") == page.count("They do not say that they speak Spanish.") == 1
            fits = post(visitor, "/directory", "/directory", **asked | {"language": "en"}).text
            assert ("1 service fits" in fits, "Nobody offers" in fits, "Diapers" in fits) == (True, False, False)
            nobody = post(visitor, "/directory", "/directory", **asked | {"language": "hmn"}).text
            assert "Nobody offers this in Hmong." in nobody
            assert "Of those who offer it: 1 serves 93706." in nobody
            young = post(visitor, "/directory", "/directory", category="doula", age="x")
            assert (young.status_code, "Write her age as a number of years" in young.text) == (422, True)

    def test_what_is_there_without_a_word_or_room_is_said(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            page = post(visitor, "/directory", "/directory", category="doula", has_room="yes").text
            assert "Nobody offers this here, or nobody has room." in page
            assert "Without asking for room: 1." in page
            assert "Without " not in post(visitor, "/directory", "/directory", category="wic").text

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "Nobody offers this in Hmong"), ("es", "Nadie ofrece esto en hmong")]
    )
    def test_so_it_is_where_a_referral_is_sent(self, house: House, language: str, said: str) -> None:
        with house.visitor(STAFF) as visitor:
            visitor.get(f"/language/{language}")
            fields = hidden(visitor.get("/referrals/new"), "/referrals/new") | {"need": "doula", "do": "services"}
            page = visitor.post("/referrals/new", data={**fields, "person_language": "hmn"}).text
            assert Reading(page).wrong == []
            assert said in page
            assert "Birth doula" in page
            fits = visitor.post("/referrals/new", data={**fields, "person_language": "es"}).text
            assert said not in fits

    def test_in_spanish(self, house: House) -> None:
        with house.visitor(STAFF, **{"accept-language": "es"}) as visitor:
            visitor.get("/language/es")
            assert "¿Hay lugar?" in visitor.get("/directory").text


class TestEntries:
    def test_staff_read_and_an_administrator_edits(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            page = visitor.get(NORTH)
            assert "Prenatal care navigation" in page.text
            assert f"{NORTH}/edit" not in page.text
            assert visitor.get(f"{NORTH}/edit").status_code == 403
        with house.visitor(ADMIN) as visitor:
            assert f"{NORTH}/edit" in visitor.get(NORTH).text
            fields = {"name": "Example Clinic of the North", "type": "clinic", "languages": ["en", "es"]}
            answer = post(visitor, f"{NORTH}/edit", f"{NORTH}/edit", **fields)
            assert "Everybody sees it as it is now." in answer.text
            assert "Example Clinic of the North" in answer.text
        assert heard(house, "edit_agency")[-1]["languages"] == ["en", "es"]

    def test_how_an_agency_is_reached_is_shown_and_edited(self, house: House) -> None:
        with house.visitor(ADMIN) as visitor:
            page = visitor.get(NORTH).text
            assert "559 555 0142, answered 8 am to 5 pm" in page
            assert "100 Sample Street, Exampleville CA 93700" in page
            form = visitor.get(f"{NORTH}/edit").text
            assert 'value="559 555 0143"' in form
            fields = {
                "name": "Example Clinic North",
                "type": "clinic",
                "phone": "559 555 0150",
                "street": "2 Sample Way",
            }
            post(visitor, f"{NORTH}/edit", f"{NORTH}/edit", city="Sampleton", state="ca", zip="93701", **fields)
        said = heard(house, "edit_agency")[-1]
        assert said["phones"] == [{"number": "559 555 0150", "type": "voice", "description": None}]
        assert said["addresses"] == [
            {"address_1": "2 Sample Way", "city": "Sampleton", "state_province": "CA", "postal_code": "93701"}
        ]

    def test_who_does_not_agree_can_be_told_where_to_go_herself(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            fields = {**hidden(visitor.get("/referrals/new"), "/referrals/new"), "need": "doula", "do": "services"}
            page = visitor.post("/referrals/new", data=fields | {"service": "example-doula-network/birth-doula"}).text
            assert "100 Sample Street, Exampleville CA 93700" in page

    def test_a_service_is_edited_and_added(self, house: House) -> None:
        edit, new = "/directory/services/prenatal/edit", f"{NORTH}/new-service"
        fields = {
            "name": "Navigation",
            "zips": "937, 93650",
            "documents": "Proof of address\nA card",
            "minimum_age": "12",
        }
        with house.visitor(ADMIN) as visitor:
            assert "What is said of Prenatal care navigation" in visitor.get(edit).text
            assert "Everybody sees it" in post(visitor, edit, edit, **fields).text
            said = heard(house, "edit_service")[-1]
            assert (said["zips"], said["required_documents"]) == (["937", "93650"], ["Proof of address", "A card"])
            assert (said["minimum_age"], said["maximum_age"]) == (12, None)
            wrong = post(visitor, edit, edit, **(fields | {"minimum_age": "30", "maximum_age": "20"}))
            assert (wrong.status_code, "The highest age is not under the lowest" in wrong.text) == (422, True)
            none = post(visitor, new, new, name="", short="", category="")
            assert none.status_code == 422
            taken = post(visitor, new, new, name="Cooking", short="taken", category="food-insecurity")
            assert "Another service has this short name" in taken.text
            added = post(visitor, new, new, name="Cooking", short="cooking", category="food-insecurity")
            assert "It is in the directory." in added.text

    def test_r22_an_agency_pauses_and_begins_again(self, house: House) -> None:
        with house.visitor(ADMIN) as visitor:
            paused = press(visitor, visitor.get(NORTH), f"{NORTH}/pause")
            assert "it receives nothing new, and answers what is open" in paused.text
            assert "Paused" in paused.text
            assert "Begin again" in paused.text
            house.twin.entries["example-clinic-north"]["version"] = 2
            stale = press(visitor, visitor.get(NORTH), f"{NORTH}/activate")
            assert stale.status_code == 412

    def test_r22_an_agency_leaves(self, house: House) -> None:
        with house.visitor(ADMIN) as visitor:
            left = press(visitor, visitor.get(NORTH), f"{NORTH}/leave")
            assert "What waited there goes back to whoever sent it." in left.text
            assert "Add a service" not in left.text

    def test_r22_the_backbone_invites_one(self, house: House) -> None:
        with house.visitor(BACKBONE) as visitor:
            assert "Invite an agency" in visitor.get("/directory").text
            new = "/directory/new-agency"
            taken = post(visitor, new, new, name="Sample Newcomer", short="taken", type="clinic")
            assert (taken.status_code, "Another agency has this short name" in taken.text) == (422, True)
            post(
                visitor, new, new, name="Sample Newcomer", short="example-clinic-north", type="clinic", on_system="yes"
            )
        said = heard(house, "list_agency")[-1]
        assert (said["agency"], said["active"], said["on_system"]) == ("example-clinic-north", False, True)
        with house.visitor(STAFF) as visitor:
            assert visitor.get(new).status_code == 403


FILLED = {
    "need": "doula", "service": "example-doula-network/birth-doula", "consent": "yes", "how": "spoken",
    "client": "new", "given": "Lia", "family": "Sample", "phone": "559 555 0142", "fields": "name",
}  # fmt: skip


class TestChecks:
    """R2: "Ask them, without her name" from the send page, one press to answer, one press to send to a yes."""

    def test_r2_services_are_asked_from_the_send_page_and_nothing_typed_is_lost(self, house: House) -> None:
        with house.visitor(STAFF) as visitor:
            form = {**hidden(visitor.get("/referrals/new"), "/referrals/new"), "need": "doula", "note": "Rings twice"}
            page = visitor.post("/referrals/new", data={**form, "do": "ask"})
            assert "Asked, without her name." in page.text
            assert "Rings twice" in page.text
        asked = heard(house, "ask_for_room")[-1]
        assert asked == {"category": "doula", "to": ["birth-doula"]}

    def test_r2_one_press_answers_and_the_first_answer_stands(self, house: House) -> None:
        path = f"/checks/{house.twin.asks()}"
        with house.visitor(STAFF) as visitor:
            page = visitor.get(path)
            assert "Example Clinic North asks: have you room?" in page.text
            assert "without her name" in page.text
            answer = press(visitor, page, f"{path}/answer", answer="yes")
            assert "Example Clinic North is told." in answer.text
            other = press(visitor, page, f"{path}/answer", answer="no")
            assert (other.status_code, "Theirs stands" in other.text) == (409, True)
            nothing = press(visitor, page, f"{path}/answer")
            assert (nothing.status_code, "Say yes or no" in nothing.text) == (422, True)

    @pytest.mark.parametrize("asked_in", ["", "../clients/x", "nothing"])
    def test_r2_what_came_of_no_check_closes_none(self, house: House, asked_in: str) -> None:
        with house.visitor(STAFF) as visitor:
            sent = press(visitor, visitor.get("/referrals/new"), "/referrals/new", **FILLED, asked_in=asked_in)
        assert "Sent to Example Doula Network." in sent.text
        assert "check" not in heard(house, "send_referral")[-1]

    def test_r2_one_press_sends_to_the_yes(self, house: House) -> None:
        id = house.twin.asks()
        entry = house.twin.entries[id]
        entry["mine"] = True
        entry["questions"][0] |= {
            "answer": "yes", "state": "yes", "first": True, "service": "birth-doula", "name": "Birth doula",
            "agency": {"agency": "example-doula-network", "name": "Example Doula Network"},
        }  # fmt: skip
        entry["category"] = "doula"
        with house.visitor(STAFF) as visitor:
            page = visitor.get(f"/checks/{id}")
            assert "1 agency has room" in page.text
            send = press(visitor, page, "/referrals/new")
            assert 'value="example-doula-network/birth-doula" checked' in send.text
            assert f'name="asked_in" value="{id}"' in send.text
            sent = press(visitor, send, "/referrals/new", **FILLED)
            assert "Sent to Example Doula Network." in sent.text
            assert heard(house, "change_draft")[-1]["check"] == id  # the form was kept, and is sent from there

    @pytest.mark.parametrize("rule", sorted(terms.CHECK_RULES))
    def test_r2_of_several_the_hubs_rule_suggests_one_and_says_why(self, house: House, rule: str) -> None:
        id = house.twin.asks()
        entry = house.twin.entries[id]
        yes = entry["questions"][0] | {"answer": "yes", "state": "yes"}
        other = {"service": "birth-doula", "name": "Birth doula", "agency": DOULAS, "suggested": True}
        entry |= {"mine": True, "rule": rule, "questions": [yes | {"first": True}, yes | other]}
        with house.visitor(STAFF) as visitor:
            page = visitor.get(f"/checks/{id}").text
        assert page.count(terms.CHECK_RULES[rule]) == 1
        assert page.index("Birth doula") < page.index(terms.CHECK_RULES[rule]) < page.index("Care coordination")
        presses = re.findall(r"<button([^>]*)>Send to them", page)
        assert [press.strip() for press in presses] == ["", 'class="second"']

    def test_r2_whoever_asked_may_stop_asking(self, house: House) -> None:
        id = house.twin.asks()
        house.twin.entries[id]["mine"] = True
        with house.visitor(STAFF) as visitor:
            done = press(visitor, visitor.get(f"/checks/{id}"), f"/checks/{id}/close")
            assert "Nobody is asked any more." in done.text

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ("Has room", "Not asked any more", "asks no more")),
            ("es", ("Hay lugar", "Ya no", "ya no pregunta")),
        ],
    )
    def test_r2_who_said_yes_stands_after_nobody_is_asked_any_more(
        self, house: House, language: str, words: tuple[str, str, str]
    ) -> None:
        id, (yes, closed, no_more) = house.twin.asks(), words
        path, entry = f"/checks/{id}", house.twin.entries[id]
        entry["category"] = "wic"
        with house.visitor(STAFF) as visitor:
            visitor.get(f"/language/{language}")
            assert "WIC." in visitor.get(path).text
            entry["questions"][0] |= {"state": "closed"}
            page = visitor.get(path).text
            assert (f"{yes}</span>" in page, closed in page, no_more in page) == (False, True, True)
            for mine in (False, True):
                entry["mine"] = mine
                entry["questions"][0] |= {"answer": "yes", "state": "closed"}
                page = visitor.get(path).text
                assert (f"{yes}</span>" in page, closed in page, no_more in page) == (True, False, False)
