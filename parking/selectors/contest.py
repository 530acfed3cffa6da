"""Reads of contests: who may file what when, who had a part, what waits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from parking.models import Citation, Contest
from parking.selectors.citation_clock import Clock, clock_for

Stage = Contest.Stage
BEFORE = {Stage.HEARING: Stage.REVIEW, Stage.COURT: Stage.HEARING}


@dataclass(frozen=True)
class MayFile:
    """Whether a stage can be filed now, and in words why or why not. `late`: only the clock stands in the way."""

    allowed: bool
    words: str
    clock: Clock
    late: bool = False


def may_file(citation: Citation, stage: str, *, today: date | None = None, grounds: str = "") -> MayFile:
    """Whether an owner may file this stage on this day (PK-12). A mismatch with the registration has no clock (PK-13)."""
    clock = clock_for(citation, stage)
    if citation.is_canceled:
        return MayFile(False, "The citation is canceled; nothing is owed.", clock)
    if trouble := _out_of_order(citation, stage, grounds):
        return MayFile(False, trouble, clock)
    if grounds == Contest.Grounds.MISMATCH:
        return MayFile(True, "A vehicle that does not match its registration can be shown at any time.", clock)
    if clock.is_over(today or timezone.localdate()):
        return MayFile(False, f"The last day was {clock.last_day}: {clock.why}", clock, late=True)
    until = f"The last day is {clock.last_day}" if clock.last_day else "Its clock does not run yet"
    return MayFile(True, f"{until}: {clock.why}", clock)


def _out_of_order(citation: Citation, stage: str, grounds: str) -> str:
    filed = [c for c in citation.contests.all() if c.state != Contest.State.WITHDRAWN]
    if any(c.state == Contest.State.OPEN for c in filed):
        return "A contest of this citation waits for its result."
    same = [c for c in filed if c.stage == stage and c.grounds != Contest.Grounds.MISMATCH]
    if same and grounds != Contest.Grounds.MISMATCH:
        return "This stage was decided already; the next one is open."
    earlier = BEFORE.get(Stage(stage))
    if earlier and not any(c.stage == earlier and c.state == Contest.State.DECIDED for c in filed):
        return f"The {Stage(earlier).label.lower()} comes first."
    return ""


def next_stage(citation: Citation) -> str | None:
    """The stage an owner could file next; None when a contest is open, all are decided, or it is canceled."""
    for stage in Stage.values:
        if may_file(citation, stage).allowed:
            return stage
    return None


def parts_of(citation: Citation) -> dict[int, set[str]]:
    """Who had which part in a citation, by account: an examiner who had one does not hear it (PK-12)."""
    parts: dict[int, set[str]] = defaultdict(set)
    parts[citation.issued_by_id].add("issued it")
    if citation.alert and (answer := getattr(citation.alert, "answer", None)):
        parts[answer.officer_id].add("confirmed its alert")
    if delivery := getattr(citation, "delivery", None):
        parts[delivery.by_id].add("attached it")
    for contest in citation.contests.all():
        if result := getattr(contest, "result", None):
            parts[result.decided_by_id].add(f"decided its {contest.get_stage_display().lower()}")
    return dict(parts)


def contests_listed() -> QuerySet[Contest]:
    """Contests with what a row of a list names."""
    return Contest.objects.select_related("citation__issued_by", "entered_by", "result__decided_by")


def waiting_reviews() -> QuerySet[Contest]:
    """Initial reviews that wait for a manager, the oldest first."""
    return contests_listed().filter(stage=Stage.REVIEW, state=Contest.State.OPEN).order_by("filed_at")


def waiting_hearings() -> QuerySet[Contest]:
    """Hearings that wait for an examiner, the oldest first."""
    return contests_listed().filter(stage=Stage.HEARING, state=Contest.State.OPEN).order_by("filed_at")


def contest_in_full(pk: int) -> Contest:
    """One contest with its citation and documents. Raises Contest.DoesNotExist."""
    return contests_listed().prefetch_related("documents").get(pk=pk)
