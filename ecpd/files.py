"""Files go with their rows: what a refused or failed transaction put on disk goes again.

A file is moved in place before its row is committed, never after: a row without its file would be evidence lost. So
whoever keeps files does it inside `all_or_nothing`, which takes away what the block put there when it does not end
well. Every policy door is such a block.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from ecpd.ownership import settle

log = logging.getLogger(__name__)


@dataclass
class _Block:
    """What a block put in place, and when (mtime, ns): somebody else who used a file since has touched it."""

    outer: "_Block | None"
    placed: dict[Path, int] = field(default_factory=dict)

    def has_placed(self, final: Path) -> bool:
        """Whether this block put it there, or one around it."""
        return final in self.placed or (self.outer is not None and self.outer.has_placed(final))


_block: ContextVar[_Block | None] = ContextVar("ecpd_files_block", default=None)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Files put in place inside stay only when the block ends well. Goes around the transaction that names them."""
    mine = _Block(_block.get())
    token = _block.set(mine)
    try:
        yield
    except BaseException:
        _take_away(mine.placed)
        raise
    finally:
        _block.reset(token)
    if mine.outer is not None:
        mine.outer.placed |= mine.placed


def is_there(final: Path) -> bool:
    """Whether a file stands in its place; nobody takes it away from there before this transaction ends."""
    if connection.in_atomic_block:
        _hold(final)
    block = _block.get()
    try:
        if block is None or not block.has_placed(final):
            os.utime(final)
    except FileNotFoundError:
        return False
    return True


def put_in_place(fresh: Path, final: Path) -> None:
    """Move a whole file to where its content's name is, in one step; one that is there already stays.

    In a transaction the place is ours until that ends: two who keep the same content never take it from each other.
    """
    if is_there(final):
        fresh.unlink(missing_ok=True)
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(fresh, 0o440)
    os.replace(fresh, final)
    settle(final, Path(settings.MEDIA_ROOT))
    block = _block.get()
    if block is not None:
        block.placed[final] = final.stat().st_mtime_ns


def remove(final: Path, *, unless: Callable[[], bool]) -> bool:
    """Let a file go unless somebody names it, asked once nobody else is at it; whether it was there and went."""
    with transaction.atomic():
        _hold(final)
        if unless():
            return False
        try:
            final.unlink()
        except FileNotFoundError:
            return False
    return True


def _take_away(placed: dict[Path, int]) -> None:
    for final, since in placed.items():
        try:
            with transaction.atomic():
                _hold(final)
                if final.stat().st_mtime_ns == since:
                    final.unlink()
        except (OSError, DatabaseError) as error:  # it names nothing; the trouble that brought us here matters more
            log.warning("A file of a refused change stays behind (%r).", error)


def _hold(final: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ecpd.files'), hashtext(%s))", [final.name])
