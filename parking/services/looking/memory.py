"""What the worker keeps between two looks: tracks, and the glances of the last hours, so that each is loaded once.

A stay over its time is held against every pass by its spot at each new pass. Read anew each time, eight cars' reads of
a day would keep the worker from looking at new ones. The rows stay the truth: every look takes the next number of a
sequence, and who finds a number missing, because another worker looked or a look failed, starts over from the rows.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from parking.overtime.passes import Glance, PassLog
from parking.selectors.city import City

REACH = timedelta(hours=14)  # a stay is valid for hours; what began earlier is read from the rows
MOST = timedelta(hours=30)
TRACKS = 50_000

Load = Callable[[datetime, datetime], Iterable[Glance] | None]


class Memory:
    """One worker's. Used by nobody else while a look lasts: an advisory lock lets one worker look at a time."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._log: PassLog | None = None
        self._since = datetime.min.replace(tzinfo=UTC)
        self._tracks: dict[int, Any] = {}
        self._number = 0
        self._city: tuple | None = None
        self._counts = False

    def begin(self, city: City) -> None:
        """A look begins, in a transaction of its own: what is kept counts if nobody looked since."""
        number = _next_number()
        self._counts = True
        if number != self._number + 1 or self._city != city.key:
            self._log, self._tracks = None, {}
        self._number, self._city = number, city.key
        if len(self._tracks) > TRACKS:
            self._tracks = {}

    def forget(self) -> None:
        """A look failed, or is part of a larger transaction that may: nothing that is kept counts."""
        self._log, self._tracks, self._counts = None, {}, False

    def add(self, fresh: Collection[Glance], load: Load) -> None:
        """Keep what this look sees; the first time, also what was seen before. A look that needs it must not wait.

        `load` reads the glances between two moments from the rows, which do not show yet what this look sees; None
        when more was read since: these reads come late, and days of others would have to be kept for them.
        """
        if not self._counts or not fresh:
            return
        newest = max(each.at for each in fresh)
        if self._log is None or newest - self._since > MOST:
            self._since = newest - REACH
            held = load(self._since, self._since + MOST)
            self._log = PassLog(held) if held is not None else None
        if self._log is not None:
            self._log.add(fresh)

    def log(self, begin: datetime) -> PassLog | None:
        """Everything that was read since `begin`; None when that is not kept."""
        return self._log if self._counts and self._log is not None and begin >= self._since else None

    def track(self, pk: int) -> Any:
        """The track of this row as the last look left it, None when it is not kept."""
        known = self._tracks.get(pk) if self._counts else None
        if known is not None:
            known.changed = False
        return known

    def keep_track(self, pk: int, known: Any) -> None:
        """Keep a track as this look wrote it."""
        if self._counts:
            self._tracks[pk] = known


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('parking_look')")
        return cursor.fetchone()[0]


memory = Memory()
