"""What was under way in the landed version: work that the upgrade must take up, not only keep."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps.registry import Apps
from django.db import models

from tests.upgrade.filling import Made, _make

ROLES = {"hart": ("investigator",), "both": ("investigator", "administrator"), "seen": ("investigator",),
         "named": ("investigator",), "drawn": ("investigator",), "untrained": ("investigator",)}  # fmt: skip


@dataclass
class Story:
    """Keys of what was under way."""

    people: dict[str, int] = field(default_factory=dict)
    asked: int = 0  # the second examination that was open
    candidate: int = 0
    lead_with_decision: int = 0
    lead_without: int = 0
    manual: str = ""


def tell(apps: Apps, made: Made) -> Story:
    """An open second examination, a lead with its decision and one without, an account with roles that exclude."""
    story = Story(lead_without=made["leads.Lead"].pk)
    for name, roles in ROLES.items():
        story.people[name] = _person(apps, made, name, roles)
    asked = made["leads.ExaminationRequest"]
    candidate = apps.get_model("leads", "Candidate").objects.get(pk=asked.candidate_id)
    search = apps.get_model("leads", "SearchRequest").objects.get(pk=candidate.search_id)
    apps.get_model("leads", "SearchRequest").objects.filter(pk=search.pk).update(number="S-26-0001")
    _decision(apps, made, story.people["seen"], "search.view", search)
    _named_on_the_case(apps, story.people["named"], search.case_id)
    story.candidate = candidate.pk
    asked.examiner_id = story.people["hart"]
    asked.save()
    story.asked = asked.pk
    became = _make(apps.get_model("leads", "Candidate"), made)
    decision = _decision(apps, made, story.people["hart"], "lead.promote", became)
    lead = _make(apps.get_model("leads", "Lead"), made, candidate=became)
    story.lead_with_decision, story.manual = lead.pk, decision.manual_version.number
    return story


def _person(apps: Apps, made: Made, name: str, roles: tuple[str, ...]) -> int:
    user = _make(apps.get_model("accounts", "User"), made, username=name, is_active=True)
    for role in roles:
        user.groups.add(apps.get_model("auth", "Group").objects.get_or_create(name=role)[0])
    if name not in ("untrained", "both"):
        today = date.today()
        _make(apps.get_model("accounts", "TrainingCertificate"), made, holder=user, kind="facial_recognition",
              issued_on=today - timedelta(days=9), expires_on=today + timedelta(days=99))  # fmt: skip
    return user.pk


def _decision(apps: Apps, made: Made, actor: int, action: str, subject: models.Model) -> Any:
    model = apps.get_model("policy", "Decision")
    decision = _make(model, made, action=action, outcome="allowed", subject_id=str(subject.pk),
                     subject_type=subject._meta.label_lower)  # fmt: skip
    model.objects.filter(pk=decision.pk).update(actor_id=actor)
    return decision


def _named_on_the_case(apps: Apps, user: int, case: int) -> None:
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="cases", model="case")
    may, _ = apps.get_model("auth", "Permission").objects.get_or_create(content_type=kind, codename="view_case",
                                                                        name="Can view case")  # fmt: skip
    apps.get_model("guardian", "UserObjectPermission").objects.create(
        permission=may, content_type=kind, object_pk=str(case), user_id=user
    )
