"""What each table is: one of five classes, from which follow its guards and what the application's role may do with it.

A model that fits none is an error that a test names: nobody forgets to think about a new table.
"""

from enum import StrEnum

from django.apps import apps
from django.db import models

from ecpd.audit.grants import APPEND_ONLY_TABLES, REFERENCE
from ecpd.checks.derive import OURS

# Tables of relations that Django makes: which rows belong together, by the model's own guards.
RELATIONS = {
    "accounts_user_groups": "Roles, given and taken under AC-10's guards.",
}


class TableClass(StrEnum):
    """The five classes."""

    LEDGER = "ledger"  # written once; a correction is a new row
    RECORD = "record"  # never deleted; only what is listed changes
    WORKING = "working row"  # comes and goes; says why
    REFERENCE = "reference data of the owner"  # the application only reads it
    THIRD_PARTY = "third party"  # a library's table


def class_of(model: type[models.Model]) -> TableClass | None:
    """The class of a model's table; None when nobody said which."""
    table = model._meta.db_table
    if table in REFERENCE or getattr(model, "owners_data", False):
        return TableClass.REFERENCE
    if getattr(model, "append_only", False) or getattr(model, "application_may", "") == "SELECT":
        return TableClass.LEDGER
    if table in APPEND_ONLY_TABLES and model.__module__.split(".")[0] in OURS:
        return TableClass.LEDGER
    if table in RELATIONS or bool(getattr(model, "working_row", "")):
        return TableClass.WORKING
    if hasattr(model, "may_change"):
        return TableClass.RECORD
    if model.__module__.split(".")[0] not in OURS:
        return TableClass.THIRD_PARTY
    return None


def every_table() -> dict[str, type[models.Model]]:
    """Each table of the database that a model stands for, by its name."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.db_table: model for model in found if not model._meta.proxy}
