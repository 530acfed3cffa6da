"""What was changed in a case, by whom, from what to what: read from django-auditlog."""

from dataclasses import dataclass
from datetime import datetime

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from cases.models import Case, CaseAssignment, Evidence, Person, PersonMerge

HIDDEN = {"id", "last_event_at", "case", "year", "serial"}


@dataclass(frozen=True)
class Change:
    """One saved change: its fields with old and new value."""

    at: datetime
    who: str
    what: str
    fields: list[tuple[str, str, str]]


class Changes:
    """The changes of a case as a sequence that is only read where a page stands."""

    def __init__(self, entries: QuerySet[LogEntry]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return self.entries.count()

    def __getitem__(self, where: slice) -> list[Change]:
        return [_change(entry) for entry in self.entries[where]]


def history_of(case: Case) -> Changes:
    """Every change of a case, its people, exhibits and assignments, newest first."""
    kinds = ContentType.objects.get_for_models(Case, CaseAssignment, Evidence, Person, PersonMerge)
    wanted = Q(content_type=kinds.pop(Case), object_id=case.pk)
    for model, kind in kinds.items():
        keys = model._default_manager.filter(case=case).annotate(key=Cast("pk", CharField())).values("key")
        wanted |= Q(content_type=kind, object_pk__in=keys)
    entries = LogEntry.objects.filter(wanted, action__in=[LogEntry.Action.CREATE, LogEntry.Action.UPDATE])
    return Changes(entries.select_related("actor", "content_type").order_by("-timestamp", "-id"))


def _change(entry: LogEntry) -> Change:
    verb = "entered" if entry.action == LogEntry.Action.CREATE else "changed"
    fields = [
        (name, before or "", after or "")
        for name, (before, after) in _shown(entry).items()
    ]  # fmt: skip
    who = entry.actor.display_name if entry.actor else "The system"
    return Change(entry.timestamp, who, f"{entry.object_repr} {verb}", fields)


def _shown(entry: LogEntry) -> dict[str, list[str]]:
    raw = entry.changes_dict
    kept = {
        name: pair for name, pair in raw.items() if name not in HIDDEN and isinstance(pair, list) and len(pair) == 2
    }
    blank = {None, "", "None", "False"}
    if entry.action == LogEntry.Action.CREATE:
        kept = {name: ["", pair[1]] for name, pair in kept.items() if pair[1] not in blank}
    return {_word(entry, name): [_value(value) for value in pair] for name, pair in kept.items()}


def _word(entry: LogEntry, name: str) -> str:
    model = entry.content_type.model_class()
    words = {field.name: str(getattr(field, "verbose_name", field.name)) for field in model._meta.fields}
    return words.get(name, name.replace("_", " ")).capitalize()


def _value(value: str | None) -> str:
    return "" if value in (None, "None") else str(value)
