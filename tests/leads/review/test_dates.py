"""A date in what an item of evidence says of itself has been, for every kind and each of its dates."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from leads.corroboration import KINDS, OUTCOME, PICKED, answers_no, asks_of_photos
from leads.models import Corroboration
from tests.factories import leads as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
DATES = [(kind, field) for kind, fields in KINDS.items() for field in fields if field.is_date]


def filled(kind: str, **changes: str) -> dict[str, str]:
    """Every field of a kind, each date today."""
    today = timezone.localdate().isoformat()
    said = {field.name: today if field.is_date else "As told, page 7" for field in KINDS[kind]}
    return (
        said
        | ({"shown_photos": answers_no(kind)} if asks_of_photos(kind) else {})
        | ({OUTCOME.name: PICKED} if kind == "lineup" else {})
        | changes
    )


def tomorrow() -> str:
    """The first day that has not been."""
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def test_no_kind_takes_a_date_in_the_future():
    people = make.agency()
    lead = make.made_lead(people)
    for kind, field in DATES:
        with pytest.raises(ValidationError) as refused:
            make.linked(people, lead, kind=kind, details=filled(kind, **{field.name: tomorrow()}))
        assert refused.value.messages == [f"“{field.label}” lies in the future: enter the day on which it was."]
    assert not Corroboration.objects.exists()
    assert (
        make.linked(people, lead, details=filled("fingerprint")).details["report_date"] == filled("dna")["report_date"]
    )


def test_the_form_says_so_at_each_date_and_keeps_the_rest(client):
    people = make.agency()
    lead = make.made_lead(people)
    lift = make.exhibit(people, kind="fingerprint", title="Lift")
    sign_in(client, people.okafor)
    for kind, field in DATES:
        sent = {f"d_{name}": said for name, said in filled(kind, **{field.name: tomorrow()}).items()}
        sent |= {
            "kind": kind,
            "evidence": lift.pk,
            "ties_by": "On the drawer",
            "because_of": "no",
            "rests_on_face": "no",
        }
        answer = client.post(reverse("leads:link", args=[lead.number]), sent | {"independence": "Found the same night"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) - {"evidence"} == {f"d_{field.name}"}
        assert "On the drawer" in answer.content.decode()
    assert not Corroboration.objects.exists()
