"""Pages as a browser without a script meets them."""

from tests.gateway.house import House, hidden


def test_work_says_what_waits(house: House) -> None:
    with house.visitor("sam-placeholder") as visitor:
        page = visitor.get("/work")
        assert page.status_code == 200
        assert "1 thing is overdue" in page.text
        assert "Answer Example Clinic North about Nora Muster" in page.text
