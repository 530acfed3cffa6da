"""What became of an approved application, and what came in since that speaks against it (FR-27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Least

from cases.models import Evidence
from ecpd.policy import engine as policy
from leads.models import ExculpatoryEntry, IdentityAnswer, Lead, WarrantApplication, WarrantStep
from leads.selectors.lead import entries_of, items_of

Kind = WarrantStep.Kind
AFTER_APPROVAL = (WarrantApplication.State.APPROVED, WarrantApplication.State.RECALLED)
ON_ITS_WAY = (Kind.SENT, Kind.SHOWN, Kind.ISSUED, Kind.REFUSED, Kind.SERVED, Kind.OUTCOME)


@dataclass(frozen=True)
class News:
    """Something that speaks against an approved application and came in after the captain: what, when, and of what record."""

    what: str
    at: datetime
    origin: str = ""


def steps_of(application: WarrantApplication) -> list[WarrantStep]:
    """Its steps in order, read once for each object of the application."""
    if "steps_read" not in application.__dict__:
        found = application.after.select_related("by", "packet").defer("sections").order_by("pk")
        application.__dict__["steps_read"] = list(found)
    return list(application.__dict__["steps_read"])


def versions_of(application: WarrantApplication) -> list[WarrantStep]:
    """The sealed versions of its packet, the first one first."""
    return [step for step in steps_of(application) if step.version is not None]


def news_of(application: WarrantApplication) -> list[News]:
    """What speaks against it and came in after approval, in the order in which it came; disclosed or not."""
    approved_at = application.decided_at
    if application.state not in AFTER_APPROVAL or approved_at is None:
        return []
    lead = application.lead
    gone = {item.evidence_id: item.evidence for item in items_of(lead)
            if item.withdrawn_at is None or item.withdrawn_at > approved_at}  # fmt: skip
    probe = lead.candidate.search.probe
    named = {application.identity.evidence_id: application.identity.evidence} if application.identity else {}
    exhibits = (gone | named | {probe.pk: probe}).values()
    found = [News(f"{entry.get_kind_display()}: {entry.what}", entry.entered_at, entry.origin)
             for entry in entries_of(lead) if entry.entered_at > approved_at]  # fmt: skip
    found += [
        _withdrawn(one, one.withdrawn_at) for one in exhibits if one.withdrawn_at and one.withdrawn_at > approved_at
    ]
    found += [News(f"{said}. {said.reason}", said.at) for said in _against_its_identity(lead) if said.at > approved_at]
    return sorted(found, key=lambda one: one.at)


def _against_its_identity(lead: Lead) -> QuerySet[IdentityAnswer]:
    """What was said against who the person of a lead is."""
    said = IdentityAnswer.objects.filter(identity__lead=lead).exclude(outcome=IdentityAnswer.Outcome.AGREES)
    return said.select_related("identity")


def _withdrawn(exhibit: Evidence, when: datetime) -> News:
    return News(f"{exhibit.label} was withdrawn: {exhibit.withdrawn_reason}", when)


def told_until(application: WarrantApplication) -> datetime | None:
    """Until when everything is disclosed: its newest supplement, or the approval itself."""
    told = [step.at for step in steps_of(application) if step.kind == Kind.SUPPLEMENT]
    return max(told, default=application.decided_at)


def undisclosed(application: WarrantApplication) -> list[News]:
    """What came in after approval and stands in no supplement yet."""
    return untold(application, news_of(application))


def untold(application: WarrantApplication, news: Iterable[News]) -> list[News]:
    """What of this news stands in no supplement yet."""
    told = told_until(application)
    return [one for one in news if told is None or one.at > told]


def to_disclose_by(news: Iterable[News]) -> datetime | None:
    """By when the first of it is to be disclosed."""
    first = min((one.at for one in news), default=None)
    return None if first is None else first + hours_to_disclose()


def hours_to_disclose() -> timedelta:
    """How long a supplement may take (FR-27)."""
    return timedelta(hours=int(policy.parameter("supplement_hours")))


def open_steps(application: WarrantApplication) -> list[str]:
    """The steps that may follow now, as the database has it."""
    if application.state not in AFTER_APPROVAL:
        return []
    done = [step.kind for step in steps_of(application)]
    answers, approved = done.count(Kind.ISSUED) + done.count(Kind.REFUSED), application.state == "approved"
    shown, sent, issued = done.count(Kind.SHOWN), Kind.SENT in done, Kind.ISSUED in done
    follows = {
        Kind.SENT: approved and not sent,
        Kind.SHOWN: approved and sent and shown == answers and not issued,
        Kind.ISSUED: shown > answers,
        Kind.REFUSED: shown > answers,
        Kind.SERVED: issued and Kind.SERVED not in done,
        Kind.OUTCOME: sent,
        Kind.SUPPLEMENT: True,
    }
    return [str(kind.value) for kind, may in follows.items() if may]


def with_news(applications: QuerySet[WarrantApplication]) -> QuerySet[WarrantApplication]:
    """Approved applications that something speaks against that no supplement has, with when the first of it came in (`came`).

    One query; `undisclosed` says what it is.
    """
    supplement = (
        WarrantStep.objects.filter(application=OuterRef("pk"), kind=Kind.SUPPLEMENT).order_by().values("application")
    )
    told = Greatest(
        "decided_at", Coalesce(Subquery(supplement.annotate(at_last=Max("at")).values("at_last")), "decided_at")
    )
    entered = ExculpatoryEntry.objects.filter(lead=OuterRef("lead"), entered_at__gt=OuterRef("told")).order_by(
        "entered_at"
    )
    linked = Q(corroborations__withdrawn_at__isnull=True) | Q(corroborations__withdrawn_at__gt=OuterRef("decided_at"))
    named = Q(pk=OuterRef("lead__candidate__search__probe")) | Q(pk=OuterRef("identity__evidence"))
    of_lead = named | Q(linked, corroborations__lead=OuterRef("lead"))
    gone = Evidence.objects.filter(of_lead, withdrawn_at__gt=OuterRef("told")).order_by("withdrawn_at")
    doubted = (
        IdentityAnswer.objects.filter(identity__lead=OuterRef("lead"), at__gt=OuterRef("told"))
        .exclude(outcome=IdentityAnswer.Outcome.AGREES)
        .order_by("at")
    )
    return (
        applications.filter(state__in=AFTER_APPROVAL)
        .annotate(told=told)
        .annotate(
            entered=Subquery(entered.values("entered_at")[:1]),
            gone=Subquery(gone.values("withdrawn_at")[:1]),
            doubted=Subquery(doubted.values("at")[:1]),
        )
        .annotate(came=Least(F("entered"), F("gone"), F("doubted")))
        .filter(came__isnull=False)
        .order_by("came", "pk")
    )
