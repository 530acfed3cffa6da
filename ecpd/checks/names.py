"""What a derived check is called: after the rule that stands on it, where there is one.

A name that begins with a rule's id makes a refusal a recorded denial under that rule; one that begins with `value_` is
a mistake in what was sent, and is answered as one.
"""

import hashlib

from django.db import models

HOUSE = "value"
LONGEST = 63  # PostgreSQL cuts longer names

# Model, or one field of it -> rule. Only rules that the manual says the database enforces.
RULES = {
    "policy.amendment": "AU-04", "policy.manualversion": "AU-04", "policy.decision": "AU-03",
    "accounts.trainingcertificate": "FR-20",
    "cases.custodyentry": "AC-07", "cases.evidence.origin": "FR-03", "cases.evidence.origin_kind": "FR-03",
    "leads.gallerysource": "FR-05", "leads.optout": "FR-06",
    "leads.searchrequest.purpose": "FR-02", "leads.searchrequest.facts": "FR-02",
    "leads.searchrequest.threshold": "FR-07", "leads.candidate": "FR-07",
    "leads.lead": "FR-10", "leads.corroboration": "FR-10", "leads.corroborationverification": "FR-10",
    "leads.examinationrequest": "FR-08", "leads.examination": "FR-22",
    "leads.exculpatoryentry": "FR-18", "leads.exculpatoryanswer": "FR-18",
    "leads.warrantapplication": "FR-13", "leads.warrantapplication.does_not_fit": "FR-18",
    "leads.warrantdecision": "FR-13",
    "parking.alert.kind": "PK-01", "parking.alert.state": "PK-01", "parking.alertanswer": "PK-01",
    "parking.abandonedvehicle": "PK-04", "parking.abandonedmark": "PK-04", "parking.abandonedlook": "PK-04",
    "parking.platequery": "PK-06", "parking.platehold": "PK-05", "parking.platepurge": "PK-05",
    "parking.partneragency": "PK-08", "parking.publicagency": "PK-08", "parking.plateshare": "PK-08",
    "parking.platepolicy": "PK-09",
    "parking.citation": "PK-07", "parking.citationdelivery": "PK-07", "parking.citationvoid": "PK-15",
    "parking.citationcopy": "PK-13", "parking.contest": "PK-12", "parking.contestresult": "PK-12",
    "parking.permitclass": "PK-16", "parking.permitterms": "PK-16", "parking.violationamount": "PK-16",
    "parking.toworder": "PK-10", "parking.towremoval": "PK-10", "parking.townotice": "PK-10",
    "parking.towhearing": "PK-10", "parking.towresult": "PK-10", "parking.towend": "PK-10",
}  # fmt: skip


def rule_of(model: type[models.Model], field: str = "") -> str:
    """The id of the rule that stands on a model or a field of it, or ""."""
    label = model._meta.label_lower
    return RULES.get(f"{label}.{field}", RULES.get(label, ""))


def name_of(model: type[models.Model], field: str, kind: str) -> str:
    """`fr_10_corroboration_kind_listed`, or `value_parking_device_format_listed` where no rule stands on it."""
    if rule := rule_of(model, field):
        return _short(f"{rule.lower().replace('-', '_')}_{model._meta.model_name}_{field}_{kind}")
    return _short(f"{HOUSE}_{model._meta.label_lower.replace('.', '_')}_{field}_{kind}")


def _short(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 7]}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"
