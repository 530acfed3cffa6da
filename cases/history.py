"""What was changed in a case, by whom, from what to what: read from django-auditlog."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, CharField, DateTimeField, Field, Model, Q, QuerySet
from django.db.models.functions import Cast

from cases.models import Case, CaseAssignment, Evidence, Person, PersonMerge
from ecpd.web.words import moment

Names = dict[tuple[type[Model], str], str]
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
        entries = list(self.entries[where])
        named = _names(entries)
        return [_change(entry, named) for entry in entries]


def history_of(case: Case) -> Changes:
    """Every change of a case, its people, exhibits and assignments, newest first."""
    kinds = ContentType.objects.get_for_models(Case, CaseAssignment, Evidence, Person, PersonMerge)
    wanted = Q(content_type=kinds.pop(Case), object_id=case.pk)
    for model, kind in kinds.items():
        keys = model._default_manager.filter(case=case).annotate(key=Cast("pk", CharField())).values("key")
        wanted |= Q(content_type=kind, object_pk__in=keys)
    entries = LogEntry.objects.filter(wanted, action__in=[LogEntry.Action.CREATE, LogEntry.Action.UPDATE])
    return Changes(entries.select_related("actor", "content_type").order_by("-timestamp", "-id"))


def _change(entry: LogEntry, named: Names) -> Change:
    verb = "entered" if entry.action == LogEntry.Action.CREATE else "changed"
    fields = [
        (name, before or "", after or "")
        for name, (before, after) in _shown(entry, named).items()
    ]  # fmt: skip
    who = entry.actor.display_name if entry.actor else "The system"
    return Change(entry.timestamp, who, f"{entry.object_repr} {verb}", fields)


def _shown(entry: LogEntry, named: Names) -> dict[str, list[str]]:
    blank = {None, "", "None", "False"}
    created = entry.action == LogEntry.Action.CREATE
    return {
        str(field.verbose_name).capitalize(): ["" if created else _value(field, before, named), _value(field, after, named)]
        for field, before, after in _pairs(entry)
        if not (created and after in blank)
    }  # fmt: skip


def _pairs(entry: LogEntry) -> Iterator[tuple[Field, str | None, str | None]]:
    """The entry's own columns with old and new value; what other tables hold about it is not its change."""
    fields = {field.name: field for field in entry.content_type.model_class()._meta.fields}
    for name, pair in entry.changes_dict.items():
        if name in fields and name not in HIDDEN and isinstance(pair, list) and len(pair) == 2:
            yield fields[name], pair[0], pair[1]


def _names(entries: list[LogEntry]) -> Names:
    """What the keys of other tables in these entries stand for; one query a table."""
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for field, *values in (row for entry in entries for row in _pairs(entry)):
        if field.related_model:
            wanted[field.related_model].update(value for value in values if value not in (None, "", "None"))
    return {
        (model, str(row.pk)): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _value(field: Field, value: str | None, named: Names) -> str:
    """A stored value as people read it."""
    if value in (None, "None", ""):
        return ""
    if field.related_model:
        return named.get((field.related_model, str(value)), str(value))
    if isinstance(field, DateTimeField):
        return moment(datetime.fromisoformat(str(value)).replace(tzinfo=UTC))
    if isinstance(field, BooleanField):
        return "yes" if value == "True" else "no"
    return str(dict(field.flatchoices).get(value, value))
