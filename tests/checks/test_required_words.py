"""What a form or service asks for in words the database asks for too: blanks and a dash are no words to either."""

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.checks.derive import is_required_text, label_path
from ecpd.checks.sql import SaysSomething
from tests.attacks.guards import body
from tests.checks.catalog import fields_of_ours

PLACES = ("cases", "leads", "parking", "ecpd.accounts", "ecpd.policy")
# Text that may say nothing in a row of its table, by why.
LEFT_OUT = "Nobody has to say it."
BY_PROGRAMS = "A program writes it."
BY_ITS_FORM = "Some kinds of its rows are asked for it, by their forms alone: the database does not hold it yet."
NAMED_ALIKE = "It bears the name of another table's words, which a form asks for; this one's form does not."


def _of(model: str, names: str) -> list[str]:
    return [f"{model}.{name}" for name in names.split()]


MAY_SAY_NOTHING: dict[str, set[str]] = {
    LEFT_OUT: {
        *_of("accounts.User", "badge email first_name last_name rank"),
        *_of("cases.Case", "summary"),
        *_of("cases.CustodyEntry", "from_party"),
        *_of("cases.Evidence", "clip_time_code description"),
        *_of("cases.Person", "contact description"),
        *_of("leads.GalleryPhoto", "caption source_url"),
        *_of("leads.GallerySubject", "external_id"),
        *_of("leads.OptOut", "vendor_confirmation"),
        *_of("leads.WarrantStep", "warrant_number"),
        *_of("parking.AbandonedVehicle", "grounds_words plate_state vin"),
        *_of("parking.AlertAnswer", "color make"),
        *_of("parking.Citation", "body make remarks"),
        *_of("parking.CitationDelivery", "where"),
        *_of("parking.Contest", "phone"),
        *_of("parking.Device", "car time_zone"),
        *_of("parking.GuestCode", "label"),
        *_of("parking.HotlistEntry", "plate_state reference"),
        *_of("parking.LedgerEntry", "reference"),
        *_of("parking.PermitApplication", "documents_seen phone unit"),
        *_of("parking.PermitTerms", "documents"),
        *_of("parking.PlateHold", "plate_state"),
        *_of("parking.PlatePolicy", "public_comment_at"),
        *_of("parking.PlateShare", "plate_state"),
        *_of("parking.TowRemoval", "driver"),
        *_of("parking.Zone", "cross_street_end cross_street_start parking_angle side user_zone_id"),
    },
    BY_PROGRAMS: {
        *_of("accounts.ApiToken", "last_used_from"),
        *_of("accounts.FactorState", "enrol_hash"),
        *_of("accounts.PasswordLock", "source"),
        *_of("accounts.PasswordReset", "source"),
        *_of("accounts.User", "name_key password person_key"),
        *_of(
            "audit.AuditEvent",
            "action actor_label application case_number digest row_id session_name subject_id subject_label subject_type "
            "table_name",
        ),
        *_of("audit.ChainSeal", "salt"),
        *_of("audit.Conduct", "actor_label case_number subject_id subject_label subject_type"),
        *_of("audit.Sealer", "checking"),
        *_of("audit.Stamp", "certificates problem"),
        *_of("audit.Unsealed", "digest"),
        *_of("cases.Evidence", "clip_sha256 file_name"),
        *_of("cases.TimelineEntry", "detail url"),
        *_of("leads.ExculpatoryEntry", "origin"),
        *_of("leads.ImportBatch", "error"),
        *_of("leads.ProbeFaces", "error"),
        *_of("leads.SearchRequest", "error mode model_id"),
        *_of("leads.WarrantApplication", "packet_sha256"),
        *_of("leads.WarrantStep", "packet_sha256"),
        *_of("parking.Alert", "plate_state"),
        *_of("parking.Finding", "refuted_why"),
        *_of("parking.HotlistHit", "look_alike"),
        *_of("parking.PermitTry", "about"),
        *_of("parking.PlateImage", "media_type"),
        *_of("parking.PlateShare", "sha256"),
        *_of("parking.Read", "camera_side color make model plate_state raw_id type"),
        *_of("parking.Stay", "allowed_by ended_why plate_state"),
        *_of("parking.Track", "plate_state"),
        *_of("policy.Decision", "case_number subject_id subject_label subject_type"),
    },
    BY_ITS_FORM: {
        *_of("leads.WarrantStep", "whom"),
    },
    NAMED_ALIKE: {
        *_of("cases.Case", "location"),
        *_of("parking.AbandonedVehicle", "plate words"),
        *_of("parking.Alert", "place vehicle"),
        *_of("parking.Contest", "email"),
        *_of("parking.ContestLookup", "number"),
        *_of("parking.CurbArea", "name"),
        *_of("parking.CurbSpace", "name"),
        *_of("parking.HotlistEntry", "vehicle"),
        *_of("parking.PermitApplication", "words"),
        *_of("parking.PermitClass", "words"),
        *_of("parking.PlanRequest", "email words"),
        *_of("parking.Read", "plate"),
        *_of("parking.TowHearing", "words"),
        *_of("parking.Zone", "name street"),
        *_of("parking.ZonePolicy", "resolution"),
        *_of("policy.Decision", "justification"),
    },
}


def says(condition: object, name: str) -> bool:
    """Whether somewhere in this condition the field has to say something."""
    if isinstance(condition, Q):
        return any(says(child, name) for child in condition.children)
    return isinstance(condition, SaysSomething) and getattr(condition.source_expressions[0], "name", "") == name


def is_held(model: type[models.Model], field: models.Field) -> bool:
    """Whether the database wants words in it, in every row or in those in which it is asked for."""
    if is_required_text(model, field) or any(
        says(getattr(one, "condition", None), field.name) for one in model._meta.constraints
    ):
        return True
    asks = re.compile(
        rf"(?:ecpd_says_something\((?:COALESCE\()?NEW\.{field.column}\b|NEW\.{field.column} !~ '\[\[:alpha:\]\])"
    )
    return any(asks.search(body(trigger)) for trigger in getattr(model._meta, "triggers", None) or [])


def free_texts() -> dict[str, tuple[type[models.Model], models.Field]]:
    """Each text of ours that is no choice and no digest of a file, and that the database does not ask for."""
    return {
        label_path(model, field): (model, field)
        for model, field in fields_of_ours()
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not is_held(model, field)
    }


def asked_by_forms(app: str) -> Iterator[str]:
    """The words that a form of this app requires."""
    for module in pkgutil.walk_packages(import_module(app).__path__, f"{app}."):
        if "forms" in module.name and "migrations" not in module.name:
            for _, form in inspect.getmembers(import_module(module.name), inspect.isclass):
                if issubclass(form, forms.BaseForm):
                    yield from (
                        name
                        for name, field in form.base_fields.items()
                        if isinstance(field, forms.CharField) and field.required
                    )


def asked_by_services(app: str) -> Iterator[str]:
    """The words without which a service or rule of this app refuses: `not reason.strip()`, `len(reason.strip()) < 10`."""
    for path in Path(settings.BASE_DIR, *app.split(".")).rglob("*.py"):
        if not {"migrations", "forms", "models"} & {*path.parts, path.stem}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                    yield from _stripped(node.operand)
                elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt):
                    yield from _stripped(node.left)


def _stripped(node: ast.AST) -> Iterator[str]:
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        asked = None
        if isinstance(call.func, ast.Attribute) and call.func.attr == "strip":
            asked = call.func.value
        elif isinstance(call.func, ast.Name) and call.func.id == "says_something" and call.args:
            asked = call.args[0]
        if isinstance(asked, ast.Name | ast.Attribute):
            yield asked.id if isinstance(asked, ast.Name) else asked.attr


def test_what_a_form_or_service_asks_for_the_database_asks_for():
    """By its name, in the same app; a reason, by whatever it begins with."""
    left = set()
    for app in PLACES:
        asked = {*asked_by_forms(app), *asked_by_services(app)}
        mine = {
            name: field for name, (model, field) in free_texts().items() if model._meta.app_label == app.split(".")[-1]
        }
        left |= {name for name, field in mine.items() if field.name in asked or field.name.endswith("reason")}
    assert sorted(left ^ (MAY_SAY_NOTHING[NAMED_ALIKE] | MAY_SAY_NOTHING[BY_ITS_FORM])) == []


def test_every_text_is_asked_for_or_has_its_reason_to_say_nothing():
    every = [name for names in MAY_SAY_NOTHING.values() for name in names]
    assert len(every) == len(set(every))
    assert sorted(set(free_texts()) ^ set(every)) == []
