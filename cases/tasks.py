"""Celery tasks of cases: thin, idempotent."""

from ecpd.celery import app


@app.task(name="cases.tasks.prepare_picture")
def prepare_picture(sha256: str) -> None:
    """Make the copy for showing of a large picture; asked for twice it is made once."""
    from cases import display

    if display.kept_copy(sha256) is None:
        display.prepare(sha256)


@app.task(name="cases.tasks.compare_picture")
def compare_picture(pk: int) -> None:
    """Keep what a large picture looks like, so that near copies are found (FR-10); asked for twice it is read once."""
    from cases import likeness
    from cases.models import Evidence

    if likeness.is_unknown(exhibit := Evidence.objects.select_related("file").get(pk=pk)):
        likeness.keep(exhibit)
