"""What one worker does for all of them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(what: str) -> Iterator[bool]:
    """Whether this worker is the first; the others wait for it, and try in its place when it failed."""
    with (Path(os.environ["ECPD_TEST_SCRATCH"]) / what).open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        is_first = not note.read()
        yield is_first
        if is_first:
            note.write("done\n")
