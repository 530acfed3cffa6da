"""Guards that no statement can reach alone, each with the reason: the one named refuses first, or the type does."""

from collections.abc import Iterator

from django.db import models

from ecpd.checks.constraint import FieldCheck
from ecpd.checks.names import name_of
from tests.attacks.guards import Guard, named_of, tables

NO_RANGE = "a range that ends before it begins is no value: PostgreSQL makes none, whoever asks"
# Moments that come once in a row's life and that a trigger writes (`records.marked_now`): no other one gets there.
STEPS = {
    "accounts.TrainingCertificate": {"suspended_at"},
    "cases.CaseLink": {"withdrawn_at"},
    "cases.Evidence": {"withdrawn_at"},
    "cases.IncidentNumber": {"withdrawn_at"},
    "cases.PersonMerge": {"decided_at", "undone_at"},
    "leads.Corroboration": {"withdrawn_at"},
    "leads.GallerySource": {"withdrawn_at"},
    "leads.Lead": {"cleared_at"},
    "leads.SearchRequest": {"finished_at"},
}


def of_steps() -> Iterator[Guard]:
    """The CHECKs of these moments: possible, and in order."""
    for table, model in tables().items():
        for check in named_of(model):
            if isinstance(check, FieldCheck) and _is_of_values(model, check):
                yield Guard(table, check.name, kind="constraint")


def _is_of_values(model: type[models.Model], check: FieldCheck) -> bool:
    """Whether it is of a moment that a trigger writes, and not of whether there is one."""
    there = {name_of(model, check.fields[0], kind) for kind in ("together", "in_state")}
    return check.name not in there and bool(set(check.fields) & STEPS.get(model._meta.label, set()))


OUT_OF_REACH = {
    **dict.fromkeys(of_steps(), "a trigger puts the moment of the step there, whatever moment the row came with"),
    **dict.fromkeys(
        (
            Guard("leads_purposeexception", f"value_leads_purposeexception_searches_{one}", kind="constraint")
            for one in ("fits", "shaped")
        ),
        "the database says itself which searches it names (fr_12_names_its_searches), whatever the row came with",
    ),
    Guard("leads_searchrequest", "value_leads_searchrequest_accept_by_possible", kind="constraint"): (
        "the database says itself until when a captain accepts the case (fr_02_accept_by), whatever the row came with"
    ),
    Guard("parking_permitplate", "permit_plate_times", kind="constraint"): NO_RANGE,
    Guard("parking_permitplate", "value_parking_permitplate_begins_ends_order", kind="constraint"): NO_RANGE,
    Guard(
        "parking_permitapplication",
        "pk_16_application_decided",
        "PK-16: An approved application stays approved; its permit is ended instead.",
    ): "pk_16_decided_by_a_manager lets no other decision on an approved application be written",
    Guard("parking_permit", "pk_16_permit_of_its_household", "PK-16: What it belongs to is not there."): (
        "the terms that were applied for name a class of permit, which is there and never goes"
    ),
    **{
        Guard(table, name, sentence): "a lead does not stay marked without it (fr_10_mark_falls_with_link)"
        for table, name in (
            ("leads_warrantapplication", "fr_10_application"),
            ("leads_warrantdecision", "fr_13_no_part_in_it"),
        )
        for sentence in (
            "FR-10: Not enough verified evidence that does not rest on the face links this person.",
            "FR-11: A line-up counts only beside another verified independent item.",
        )
    },
    Guard(
        "policy_manualversion", "au_04_version_follows_amendment", "AU-04: The first version is the release's."
    ): "there is a first version from the first migration on",
}
