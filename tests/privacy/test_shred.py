"""What an agency held of a client is erased: online within a minute, in backups with the month's key, and nothing else.

Many women with everything recorded, all but one erased at both agencies: every table, answer, page and search is tried,
and a backup of the identity database from before, restored beside it and read with the keys as they are.
"""

import asyncio
import html
import io
import json
import re
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import httpx
import psycopg
import pytest
from pypdf import PdfReader

from services.referrals.vault.epochs import KEPT, ends
from services.referrals.vault.keys import root_key
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.pairwise import PairwiseIds
from services.referrals.vault.vault import open_vault
from services.referrals.vault.wrapping import KeyGone, KeyMissing
from services.runtime.clock import SystemClock
from services.runtime.postgres import pool
from tests.condition import until
from tests.fix_line import Line
from tests.fix_vault import SetClock
from tests.leaks.people import LINK, signed_in
from tests.privacy.everything import CLINIC, DOULAS, Woman, recorded
from tests.privacy.restored import backed_up, copied_keys, restored
from tests.prove.tally import Tally
from tests.referrals.api.conftest import FRESNO

ONLINE_SECONDS = 60
MEASURES = ("clients_reached", "agency_changes", "acceptance_rate", "connected_rate")
SAID = {"en": "Her details were erased on", "es": "Sus datos se borraron el"}
HERS = re.compile(r"/clients/[^/\"]+$")


class Proof:
    """What is asked again and again of one line."""

    def __init__(self, line: Line, tally: Tally) -> None:
        self.line = line
        self.tally = tally
        self.keys = Path(line.settings["CLOSEKNIT_KEYS"])
        self.owner = line.settings["CLOSEKNIT_IDENTITY_OWNER_DSN"]
        self.login = line.settings["CLOSEKNIT_IDENTITY_DSN"]

    def ids(self, women: Collection[Woman]) -> list[UUID]:
        pairwise = PairwiseIds(root_key(self.keys), SystemClock())
        return [id for her in women if (id := pairwise.back(CLINIC, "client", her.clinics))]

    def answers(self, her: Woman) -> list[tuple[str, str]]:
        """All that both agencies are answered of her."""
        found = []
        for caller, paths in (
            (self.line.caller(CLINIC), her.of_clinic),
            (self.line.caller(DOULAS, subject="dora-muster"), her.of_doulas),
        ):
            found += [(path, read(caller.get(path))) for path in paths]
            for text in (her.name, her.phone, her.number):
                found.append((f"search {text}", caller.post("/v1/clients/search", {"text": text}).text))
        return found

    def unread(self, her: Woman) -> None:
        for path, answer in self.answers(her):
            self.tally.check(not any(word in answer for word in her.words), f"{path} tells of her")

    def settle(self) -> tuple[Any, list[Any]]:
        """What `verify` and the figures say when everything has come through."""
        self.line.settled()
        done = self.line.command("verify", "--deep", "--json")
        figures = [self.line.figure(name) for name in MEASURES]
        for figure in figures:
            figure.pop("facts")  # to read is a fact, too: it is written down
        return json.loads(done.stdout)["difference"], figures

    def shred(self, client: str, agency: str) -> None:
        done = self.line.command("shred", client, "--agency", agency, "--reason", "client_request")
        self.tally.check(done.exit_code == 0, f"shred says {done.exit_code}: {done.output}")

    def rows(self, women: Collection[Woman]) -> None:
        """Nothing in a table finds or opens her."""
        asked: dict[str, LiteralString] = {
            "a key": "SELECT FROM data_keys WHERE client_id = ANY(%s) AND (wrapped <> '' OR shredded_at IS NULL)",
            "a word": "SELECT FROM search_words WHERE client_id = ANY(%s)",
            "a number": "SELECT FROM identities WHERE client_id = ANY(%s) AND number IS NOT NULL",
            "an import": "SELECT FROM import_numbers WHERE client_id = ANY(%s)",
        }
        with psycopg.connect(self.owner, autocommit=True) as connection:
            for what, statement in asked.items():
                left = connection.execute(statement, [self.ids(women)]).fetchall()
                self.tally.check(not left, f"{what} is left")

    def pages(self, her: Woman, username: str, agency: str, language: str) -> None:
        """Her pages in a browser: without a word of hers, and plain about it."""
        person, wanted = signed_in(self.line.url, FRESNO, agency, username, {}), SAID[language]
        person.http.headers["accept-language"] = language
        referral = person.send("GET", f"/referrals/{her.referral}").text
        links = [html.unescape(link) for link in LINK.findall(referral)]
        pages = [referral, *(person.send("GET", link).text for link in links if HERS.search(link))]
        self.tally.check(len(pages) > 1, "her page is not linked")
        for page in pages:
            self.tally.check(not any(word in page for word in her.words), "a page tells of her")
        self.tally.check(any(wanted in page for page in pages), f"no page says: {wanted}")
        person.http.close()

    def of_backup(self, dsn: str, keys: Path, client: UUID) -> bool:
        """Whether a restored backup tells who she is, with these keys."""
        return asyncio.run(_of_backup(dsn, keys, client))

    def grow_old(self, dsn: str, keys: Path) -> None:
        """So much time passes over a vault that the key of this month is destroyed."""
        destroyed = asyncio.run(_grow_old(dsn, keys))
        self.tally.check(len(destroyed) == 1, f"destroyed {destroyed}")


def read(answer: httpx.Response) -> str:
    """What somebody reads in an answer: of a letter, what is printed."""
    if answer.headers.get("content-type") != "application/pdf":
        return answer.text
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def _of_backup(dsn: str, keys: Path, client: UUID) -> bool:
    async with pool(dsn, "restored", task="keys") as connections:
        vault = open_vault(connections, keys, SystemClock())
        try:
            holder = Holder(FRESNO, DOULAS, client)
            stated = await vault.identities.read(FRESNO, CLINIC, client)
            return stated is not None and holder in await vault.held.of([holder])
        except (KeyGone, KeyMissing):
            return False


async def _grow_old(dsn: str, keys: Path) -> tuple[str, ...]:
    clock = SetClock(SystemClock().now())
    clock.at = ends(clock.at.strftime("%Y-%m")) + KEPT + timedelta(seconds=1)
    async with pool(dsn, "aged", task="keys") as connections:
        return (await open_vault(connections, keys, clock).epochs.turn()).destroyed


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_shredded(line: Line, sized: Callable[[int, int], int], tmp_path: Path) -> None:
    tally = Tally("shred")
    proof = Proof(line, tally)
    women = [recorded(line) for _ in range(sized(3, 60))]
    kept, *gone = women
    line.settled()
    for her in women:
        told = {path: any(word in answer for word in her.words) for path, answer in proof.answers(her)}
        for path in her.telling:
            tally.check(told[path], f"{path} did not tell of her before")
    before, backup = proof.settle(), backed_up(proof.owner)
    for her in gone:
        proof.shred(her.clinics, CLINIC)
        proof.shred(her.doulas, DOULAS)
    last = gone[-1]
    until(lambda: not any(last.name in text for _, text in proof.answers(last)), ONLINE_SECONDS, every=0.5)
    for her in gone:
        proof.unread(her)
    proof.rows(gone)
    for language in SAID:
        proof.pages(last, "ada-example", CLINIC, language)
        proof.pages(last, "dora-muster", DOULAS, language)
    tally.check(any(kept.name in text for _, text in proof.answers(kept)), "another woman's were erased with hers")
    tally.check(proof.settle() == before, "the log or a figure is another")
    tally.check(before[0] is None, f"verify found {before[0]}")
    with (
        restored(proof.owner, proof.login, backup) as old,
        restored(proof.owner, proof.login, backed_up(proof.owner)) as now,
    ):
        keys = copied_keys(proof.keys, tmp_path / "keys")
        for client in proof.ids(gone):
            tally.check(proof.of_backup(old, keys, client), "the backup tells nothing: it proves nothing")
            tally.check(not proof.of_backup(now, keys, client), "what is in use tells of her")
        proof.grow_old(now, keys)
        for client in proof.ids(women):
            tally.check(not proof.of_backup(old, keys, client), "the backup tells of her after its month")
        tally.check(proof.of_backup(now, keys, proof.ids([kept])[0]), "another woman's keys went with the month")
    tally.close()
