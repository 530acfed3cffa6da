"""Celery tasks of cases: thin, idempotent."""

from ecpd.celery import app


@app.task(name="cases.tasks.prepare_picture")
def prepare_picture(sha256: str) -> None:
    """Make the copy for showing of a large picture; asked for twice it is made once."""
    from cases import display

    if display.kept_copy(sha256) is None:
        display.prepare(sha256)
