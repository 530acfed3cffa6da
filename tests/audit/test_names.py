"""What the auditor's lists are called: plain words, none of them the name of a class taken apart."""

import re

import pytest
from django.contrib import admin
from django.db.models.options import camel_case_to_spaces

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Classes whose name, taken apart, is what people say.
PLAIN = {
    "accounts.TrainingCertificate", "auditlog.LogEntry", "cases.Case", "cases.CaseLink",
    "cases.CustodyEntry", "cases.Evidence", "cases.IncidentNumber",
    "leads.Candidate", "leads.Corroboration", "leads.Examination", "leads.ExculpatoryEntry", "leads.GallerySource",
    "leads.Lead", "leads.PacketReading", "leads.SearchReplay", "leads.SearchRequest", "leads.WarrantApplication",
    "leads.WarrantDecision", "parking.AbandonedVehicle", "parking.Alert", "parking.Citation", "parking.Contest",
    "parking.Hotlist", "parking.HotlistEntry", "parking.LedgerEntry", "parking.PaymentPlan", "parking.Permit",
    "parking.PermitApplication", "parking.PermitDecision", "parking.PermitTerms", "parking.PlatePolicy",
    "parking.TowHearing", "parking.TowOrder", "parking.TowRemoval", "policy.Amendment", "policy.Decision",
    "policy.ManualVersion",
}  # fmt: skip
CAPITALS = {"API"}


def names(model) -> tuple[str, str]:
    """What one and what many are called."""
    return str(model._meta.verbose_name), str(model._meta.verbose_name_plural)


def test_a_name_is_chosen_or_known_to_be_plain():
    taken_apart = {m._meta.label for m in MODELS if names(m)[0] == camel_case_to_spaces(m.__name__)}
    assert taken_apart == PLAIN


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_name_is_words_in_lower_case(model):
    for name in names(model):
        assert re.fullmatch(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*", name), name
        assert [word for word in re.findall(r"[A-Za-z]+", name) if word not in CAPITALS and word != word.lower()] == []
        assert not re.search(r"\b(api|signoffs?|optouts?|sha|url|ids?)\b", name), name
