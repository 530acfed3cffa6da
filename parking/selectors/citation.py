"""Reads of citations: what each owes, where it stands, everything its page shows."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from parking.models import (
    Citation,
    CitationCopy,
    CitationDelivery,
    CitationHold,
    CitationNotice,
    Contest,
    LedgerEntry,
    NoticeMailing,
    PaymentPlan,
    PlanCitation,
    PlanRequest,
)
from parking.selectors.plan import with_paid

# Where a citation stands: key, words, status kind, condition. The first that holds counts.
STANDINGS = (
    ("refund", "Refund due", "warn", Q(owed__lt=0)),
    ("canceled", "Canceled", "stop", Q(state=Citation.State.CANCELED)),
    ("contested", "Contested", "wait", Q(contested=True)),
    ("paid", "Paid", "done", Q(owed=0)),
    ("plan", "On a payment plan", "info", Q(on_plan=True)),
    ("paused", "Collection paused", "wait", Q(held=True)),
    ("not_attached", "Not attached or mailed yet", "warn", Q(delivered=False)),
    ("delinquent", "Delinquent", "warn", Q(delinquent=True)),
    ("open", "Open", "info", Q()),
)
WORDS = {key: words for key, words, _, _ in STANDINGS}
KINDS = {key: kind for key, _, kind, _ in STANDINGS}


def citations() -> QuerySet[Any]:
    """Citations with `owed` (cents; negative: to be refunded) and `standing`, a key of STANDINGS.

    `delivered`: attached to the vehicle, or mailed to the owner after it drove off.
    """
    return _with_money(Citation.objects.all()).annotate(
        contested=Exists(Contest.objects.filter(citation=OuterRef("pk"), state=Contest.State.OPEN)),
        held=Exists(live_holds().filter(citation=OuterRef("pk"))),
        on_plan=Exists(PlanCitation.objects.filter(citation=OuterRef("pk"), plan__state=PaymentPlan.State.RUNNING)),
        delivered=Exists(CitationDelivery.objects.filter(citation=OuterRef("pk"), how="attached"))
        | Exists(NoticeMailing.objects.filter(notice__citation=OuterRef("pk"), notice__kind="letter")),
        delinquent=Exists(CitationNotice.objects.filter(citation=OuterRef("pk"), kind="delinquent")),
        standing=Case(
            *[When(condition, then=Value(key)) for key, _, _, condition in STANDINGS[:-1]],
            default=Value(STANDINGS[-1][0]), output_field=CharField(),
        ),
    )  # fmt: skip


def _with_money(found: QuerySet[Citation]) -> QuerySet[Any]:
    total = LedgerEntry.objects.filter(citation=OuterRef("pk")).order_by().values("citation")
    summed = total.annotate(total=Sum("amount_cents")).values("total")
    return found.annotate(owed=Coalesce(Subquery(summed, output_field=IntegerField()), 0))


def live_holds() -> QuerySet[CitationHold]:
    """Holds that pause collection now."""
    return CitationHold.objects.filter(released_at__isnull=True)


def citations_listed() -> QuerySet[Any]:
    """Citations for a list, with what a row names."""
    return citations().select_related("issued_by", "zone")


def found_by(found: QuerySet[Citation], words: str) -> QuerySet[Citation]:
    """Those with this number or plate, or at this place."""
    plain = words.replace(" ", "").replace("-", "").upper()
    return found.filter(
        Q(number__icontains=words.strip()) | Q(plate=plain) | Q(place__icontains=words.strip())
        | Q(number=_dashed(plain))
    )  # fmt: skip


def _dashed(digits: str) -> str:
    return f"{digits[:2]}-{digits[2:-1]}-{digits[-1:]}"


def citation_alone(**lookup: Any) -> Any:
    """One citation with its standing and the rows it names, before anybody is shown its lists (`with_its_lists`).

    Raises Citation.DoesNotExist.
    """
    return citations().select_related(
        "issued_by", "zone", "violation", "amount", "alert__answer", "delivery__by", "void__by", "decision"
    ).get(**lookup)  # fmt: skip


def with_its_lists(citation: Any) -> Any:
    """The same citation with what stands on it, one query a list."""
    prefetch_related_objects([citation], *(Prefetch(name, rows) for name, rows in _lists_of_a_citation()))
    return citation


def citation_in_full(**lookup: Any) -> Any:
    """One citation with all its page shows. Raises Citation.DoesNotExist."""
    return with_its_lists(citation_alone(**lookup))


def _lists_of_a_citation() -> list[tuple[str, QuerySet[Any]]]:
    """What stands on a citation, each row read together with the people it names."""
    return [
        ("entries", LedgerEntry.objects.select_related("by", "reverses", "reversed_by")),
        ("holds", CitationHold.objects.select_related("placed_by", "released_by")),
        ("copies", CitationCopy.objects.select_related("sent_by")),
        ("notices", CitationNotice.objects.select_related("issued_by", "mailing__by")),
        ("contests", Contest.objects.select_related("entered_by", "result__decided_by")),
        ("plans", with_paid(PlanCitation.objects.select_related("plan"))),
        ("plan_requests", PlanRequest.objects.select_related("answered_by")),
    ]


def open_on_plate(citation: Citation) -> QuerySet[Any]:
    """Other citations of this plate and state that owe something: a plan may cover them too."""
    same = citations().filter(plate=citation.plate, plate_state=citation.plate_state, state=Citation.State.ISSUED)
    return same.filter(owed__gt=0, on_plan=False).exclude(pk=citation.pk).order_by("issued_at")


def counts_by_standing() -> dict[str, int]:
    """How many citations stand where."""
    return dict(citations().order_by().values_list("standing").annotate(n=Count("pk")))


def with_words(citation: Any) -> tuple[str, str]:
    """Status kind and words of a citation read by `citations()`."""
    return KINDS[citation.standing], WORDS[citation.standing]
