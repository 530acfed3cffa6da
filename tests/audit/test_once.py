"""What is set once in a row's life is listed with its table, so that the database can hold it."""

import re

from django.apps import apps
from django.db import models

from ecpd.audit.records import Record

# A word that says: this happened to the row later, and it does not happen twice.
LATER = re.compile(
    r"^(withdrawn|revoked|released|ended|undone|retired|suspended|decided|answered|sent|used|opened|published|cleared"
    r"|closed|finished|effective|voided|returned)_(at|by_id|reason)$|^ends_at$"
)
MORE_THAN_ONCE = {
    "accounts.Rescue.ends_at": "A newer code ends an older one early; it never lasts longer (ac_01_rescue).",
    "cases.Case.closed_at": "A case is reopened; every change of its state is a note in its history.",
}
WITH_THE_ROW = {
    "cases.Case.opened_at",
    "cases.Case.opened_by_id",
    "parking.CurbArea.published_at",
    "parking.CurbSpace.published_at",
    "parking.Zone.published_at",
}


def records() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def test_every_column_that_is_set_later_is_listed_or_says_why_not():
    unlisted = {
        f"{model._meta.label}.{field.column}"
        for model in records()
        for field in model._meta.concrete_fields
        if LATER.match(field.column) and field.column not in model.once
    }
    assert unlisted - WITH_THE_ROW == set(MORE_THAN_ONCE)


def test_what_is_set_once_begins_empty():
    wrong = [
        f"{model._meta.label}.{name}"
        for model in records()
        for name in model.once
        if not _begins_empty({field.column: field for field in model._meta.concrete_fields}[name])
    ]
    assert wrong == []


def _begins_empty(field: models.Field) -> bool:
    return field.null or field.get_default() in ("", False)
