"""Drafts of citations: kept while an officer writes, dropped when issued or thrown away."""

from collections.abc import Mapping

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from parking.models import Alert, AlertAnswer, CitationDraft
from parking.selectors.citation_again import shown_by
from parking.selectors.violation import violations_in_force

FIELDS = (
    "violation", "on", "about", "zone", "place", "plate", "plate_state", "registration_expiry",
    "expiry_not_visible", "vin_last4", "vin_not_readable", "color", "make", "body", "remarks",
)  # fmt: skip
MOST = 2000  # characters of one answer
COLORS = ("Black", "Blue", "Brown", "Gold", "Gray", "Green", "Orange", "Purple", "Red", "Silver", "White", "Yellow")


def begin(*, officer: User, alert: Alert | None = None) -> CitationDraft:
    """A draft to write on: by hand, or from a confirmed alert (the same draft again if there is one).

    Raises PolicyDenied, on the record, for an account that may not issue citations.
    """
    policy.authorize_role(officer, "citation.issue")
    if alert is None:
        return CitationDraft.objects.create(officer=officer, answers=_now())
    draft, _ = CitationDraft.objects.get_or_create(
        alert=alert, defaults={"officer": officer, "answers": _now() | _from_alert(alert)}
    )
    return draft


def keep(*, draft: CitationDraft, answers: Mapping[str, str]) -> CitationDraft | None:
    """Keep what is typed so far. None where the draft was issued or thrown away meanwhile: then nothing is kept."""
    draft.answers = {name: str(answers[name]).replace("\x00", "")[:MOST] for name in FIELDS if answers.get(name)}
    draft.saved_at = timezone.now()
    here = CitationDraft.objects.filter(pk=draft.pk)  # no save(): the page keeps while the button issues
    return draft if here.update(answers=draft.answers, saved_at=draft.saved_at) else None


def throw_away(*, draft: CitationDraft) -> None:
    """Drop a draft; it is no record."""
    draft.delete()


def _now() -> dict[str, str]:
    now = timezone.localtime()
    return {"on": f"{now:%Y-%m-%d}", "about": f"{now:%H:%M}", "plate_state": "US-CA"}


def _kind(vehicle: str, *elsewhere: str) -> str:
    """The kind of vehicle without its color and make, which have fields of their own: "blue Honda sedan" is a sedan."""
    said = {word.lower() for words in elsewhere for word in words.split()}
    return " ".join(word for word in vehicle.split() if word.strip(",.;").lower() not in said)


def _color(vehicle: str) -> str:
    """The one color that these words name; "" where they name none or several."""
    named = {word.strip(",.;").capitalize() for word in vehicle.split()} & set(COLORS)
    return named.pop() if len(named) == 1 else ""


def _make(alert: Alert, vehicle: str) -> str:
    """The make that the reader named, where the person who compared says it too: "Tesla Model Y suv" is a Tesla."""
    words = {word.strip(",.;").lower() for word in vehicle.split()}
    for read in (alert.last_read, alert.first_read):
        if read is not None and read.make and words.issuperset(read.make.lower().split()):
            return read.make
    return ""


def _only_one(alert: Alert) -> str:
    """The code of the one violation that an alert shows; "" where several may be meant."""
    found = shown_by(alert, violations_in_force(timezone.localdate()))
    return found[0].code if len(found) == 1 else ""


def _from_alert(alert: Alert) -> dict[str, str]:
    """What the person who confirmed the alert read, and where and when it was."""
    answer = AlertAnswer.objects.filter(alert=alert).first()
    seen, of = timezone.localtime(alert.last_at), answer or alert
    picked, make = (answer.color, answer.make or _make(alert, answer.vehicle)) if answer else ("", "")
    color = _color(picked) or _color(of.vehicle)  # an alert knows more colors, and writes them small
    read = {"plate": of.plate, "plate_state": of.plate_state, "color": color, "make": make}
    read["body"] = _kind(of.vehicle, color, make)
    return read | {
        "on": f"{seen:%Y-%m-%d}", "about": f"{seen:%H:%M}", "place": alert.place,
        "zone": str(alert.zone_id or ""), "violation": _only_one(alert),
    }  # fmt: skip
