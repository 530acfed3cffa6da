"""Walking along the chain: each seal is made anew from the entry and the seal before it."""

from collections import Counter
from datetime import datetime, timedelta

from ecpd.audit.canonical import EVENT_SQL, FIRST_PREVIOUS, MOMENT, OLD_EVENT_SQL, digest, old_seal, seal
from ecpd.audit.findings import Findings, Progress, stream

# Clocks are set right, and an entry waits for its seal until its transaction ends.
MOST_BACKWARDS = timedelta(hours=1)
LINKS = f"""
SELECT s.number, s.previous_hash, s.hash, {MOMENT.format("s.sealed_at")}, s.salt, s.sealed_at, s.event_id, e.format, e.at, e.txid,
       CASE WHEN e.format = 1 THEN {OLD_EVENT_SQL.format(seal="s", row="e")} ELSE {EVENT_SQL.format(row="e")} END
FROM audit_chainseal s LEFT JOIN audit_auditevent e ON e.id = s.event_id ORDER BY s.number, s.event_id
"""
# Neither sealed nor waiting: nobody's trigger wrote it.
STRAY = """
SELECT e.id, e.action FROM audit_auditevent e WHERE NOT EXISTS (SELECT FROM audit_chainseal s WHERE s.event_id = e.id)
AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.event_id = e.id) ORDER BY e.id
"""

# Written, and not sealed yet: as it was written?
WAITING = f"""
SELECT u.event_id, u.digest, e.id IS NULL, {EVENT_SQL.format(row="e")}
FROM audit_unsealed u LEFT JOIN audit_auditevent e ON e.id = u.event_id WHERE u.digest <> '' ORDER BY 1
"""

# Keys are given in the order in which entries are written, whenever their transactions end.
BY_KEY = "SELECT id, at FROM audit_auditevent ORDER BY id"


class Walk:
    """One walk. `entries`, `number` and `hash` say how far it came; `late` counts entries by transaction (`_lateness`)."""

    def __init__(self, findings: Findings, heads: list[tuple[int, str]], progress: Progress) -> None:
        self.findings, self.progress = findings, progress
        self.heads = dict(heads)
        self.conflicts = {number for number, hash in heads if self.heads[number] != hash}
        self.entries, self.number, self.hash = 0, 0, FIRST_PREVIOUS
        self._latest: datetime | None = None
        self._sealed: datetime | None = None
        self._newest_transaction = 0
        self._behind: list[tuple[int, int, datetime, int, bool]] = []
        self.late: Counter[int] = Counter()

    def go(self) -> None:
        """Look at every link, then at what is missing at the end and what stands outside."""
        for link in stream(LINKS):
            self.entries += 1
            self._look(*link)
            if self.entries % 20_000 == 0:
                self.progress("entries", self.entries)
        self.progress("entries", self.entries)
        self._lateness()
        self._end()
        for event_id, action in stream(STRAY):
            self.findings.add(0, "inserted", f"The entry with key {event_id:,} ({action}) never waited for a seal.")

        for event_id, written, gone, text in stream(WAITING):
            if gone:
                self.findings.add(
                    0, "missing", f"The entry with key {event_id:,} was removed while it waited for its seal."
                )
            elif digest(text) != written:
                self.findings.add(
                    0, "changed", f"The entry with key {event_id:,} was changed while it waited for its seal."
                )

    def _look(self, number, previous, stored, sealed_text, salt, sealed_at, event_id, form, at, txid, text) -> None:
        found = self._break(number, previous, stored, sealed_text, salt, event_id, form, text)
        if not found and (self.heads.get(number, stored) != stored or number in self.conflicts):
            found = number, "changed", f"Entry {number:,} does not carry the seal that was noted for it."
        if not found and (words := self._time(number, at, sealed_at)):
            found = number, "backdated", words
        if not found:
            self._note_time(number, event_id, at, txid or 0)
        if found:
            self.findings.add(*found)
        self.number, self.hash = max(number, self.number), stored

    def _break(self, number, previous, stored, sealed_text, salt, event_id, form, text) -> tuple[int, str, str] | None:
        expected = self.number + 1
        if number > expected:
            gone = f"{expected:,}" if number == expected + 1 else f"{expected:,} to {number - 1:,}"
            return expected, "missing", f"Entry {gone} is gone: the next one there is {number:,}."
        if number < expected:
            return number, "inserted", f"Entry {number:,} stands twice or before the first: it was slipped in."
        if form is None:
            return (
                number,
                "missing",
                f"Entry {number:,} is gone: its seal is there, the entry (key {event_id:,}) is not.",
            )
        made = old_seal(previous, text) if form == 1 else seal(previous, number, sealed_text, text, salt)
        if made != stored:
            return number, "changed", f"Entry {number:,} was changed after it was sealed."
        if previous != self.hash:
            return number, "reordered", f"Entry {number:,} does not follow the entry that stands before it."
        return None

    def _time(self, number: int, at: datetime | None, sealed_at: datetime | None) -> str:
        """Seals are made one after the other, and after what they seal, at a moment that there is."""
        words = ""
        if at is None or sealed_at is None:
            return f"Entry {number:,} says a moment that no calendar has."
        if self._sealed and sealed_at < self._sealed - MOST_BACKWARDS:
            words = f"Entry {number:,} was sealed before the entry it follows."
        elif at > sealed_at + MOST_BACKWARDS:
            words = f"Entry {number:,} was sealed before it was written."
        self._sealed = max(self._sealed or sealed_at, sealed_at)
        return words

    def _note_time(self, number: int, event_id: int, at: datetime, txid: int) -> None:
        if self._latest and at < self._latest - MOST_BACKWARDS:
            self._behind.append((number, event_id, at, txid, self._newest_transaction > txid > 0))
        self._newest_transaction = max(self._newest_transaction, txid)
        self._latest = max(self._latest or at, at)

    def _lateness(self) -> None:
        """Tell entries of a transaction that lasted for hours from those that were dated back.

        Such an entry stands behind later ones in the chain, but its key was given when it says that it was written, and
        its transaction is older than one that was sealed before it. What does not fit both was not written then.
        """
        if not self._behind:
            return
        misfits = _out_of_their_keys_order()
        for number, event_id, at, txid, is_older in self._behind:
            if is_older and event_id not in misfits:
                self.late[txid] += 1
            else:
                words = f"Entry {number:,} says {at:%Y-%m-%d %H:%M} UTC, long before the entry it follows."
                self.findings.add(number, "backdated", words)

    def _end(self) -> None:
        cut = next((number for number in sorted(self.heads) if number > self.number), None)
        if cut is not None:
            self.findings.add(
                self.number + 1,
                "cut",
                f"The chain ends at entry {self.number:,}, but entry {cut:,} was noted: the end was cut.",
            )


def _out_of_their_keys_order() -> set[int]:
    """Keys of the entries that say a time more than an hour before an entry that was written earlier."""
    latest: datetime | None = None
    found: set[int] = set()
    for event_id, at in stream(BY_KEY):
        if at is None:
            continue  # named where the chain is walked
        if latest and at < latest - MOST_BACKWARDS:
            found.add(event_id)
        latest = max(latest or at, at)
    return found
