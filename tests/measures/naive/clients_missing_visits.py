"""Of every 100 clients with visits that took place or should have, how many missed one: visits, to be made one each."""

from tests.measures.naive.missed_visits import verdicts

__all__ = ["verdicts"]
