"""What a linked item is, its exhibit decides and not the label of its link (FR-10, FR-11)."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.models import Evidence
from cases.services.evidence import add_derivative
from ecpd.policy.errors import PolicyDenied
from leads.corroboration import NO_STATEMENT, NONE_SHOWN, WERE_SHOWN, told
from leads.models import Corroboration, Lead
from leads.selectors.lead import counting_items, with_standing
from leads.services import corroboration
from leads.services import lead as leads
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
WITNESS = {"witness": "L. Ostrander", "statement_date": "2024-11-02", "knows_how": "Saw him", "reference": "I-4",
           "shown_photos": "None"}  # fmt: skip
PHYSICAL = {"found_at": "The drawer", "found_by": "Sgt. Quill", "found_date": "2024-11-02", "reference": "Tag 118"}
WHEREABOUTS = {"record": "Phone records", "period": "That night", "place": "The shop", "reference": "R-77"}
FAIR = {"ties_by": "Picked him out", "because_of": "no", "rests_on_face": "no", "independence": "It would exist anyway"}


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Lead]:
    people = make.agency()
    return people, make.made_lead(people)


@pytest.fixture
def story(begun) -> tuple[make.Agency, Lead]:
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


@contextmanager
def refused(rule: str):
    """The service refuses under this rule, and so does the database, with words of its own."""
    with pytest.raises((PolicyDenied, IntegrityError), match=rule):
        yield


def link(people, lead, exhibit: Evidence, kind: str, details: dict[str, str]) -> Corroboration:
    return corroboration.link(lead=lead, actor=people.okafor, evidence=exhibit, kind=kind, details=details, **FAIR)


def written(people, lead, exhibit: Evidence, kind: str, details: dict[str, str]) -> None:
    with transaction.atomic():
        make.allowed_on(people.okafor, "corroboration.link", lead)
        Corroboration.objects.create(
            lead=lead, evidence=exhibit, kind=kind, details=details, linked_by=people.okafor, **FAIR
        )


@pytest.fixture
def lineup(people) -> Evidence:
    return make.exhibit(people, kind="lineup", title="Six-pack, picked number 4")


@pytest.mark.parametrize("how", [link, written])
@pytest.mark.parametrize(
    ("kind", "details"), [("witness", WITNESS), ("physical", PHYSICAL | {"shown_photos": NO_STATEMENT}), ("dna", {})]
)
def test_a_lineup_is_linked_under_no_other_label(people, lead, lineup, how, kind, details):
    if kind == "dna" and how is link:
        details = dict.fromkeys(("laboratory", "lab_number", "analyst", "statistic"), "x 1") | {
            "report_date": "2024-11-01",
            "secured_on": "2024-11-01",
        }
    with refused("FR-11"):
        how(people, lead, lineup, kind, details)


@pytest.mark.parametrize("how", [link, written])
def test_nor_is_what_was_made_of_one(people, lead, lineup, how):
    made = add_derivative(original=lineup, actor=people.okafor, title="What she said", derivation="Written down", kind="document",
                          file=b"Number 4, maybe", file_name="said.txt")  # fmt: skip
    copy = make.add_evidence(case=people.case, actor=people.okafor, kind="document", title="A statement",
                             origin="Handed over", origin_kind="witness", obtained_at=made.obtained_at,
                             file=b"Number 4, maybe", file_name="s.txt")  # fmt: skip
    for exhibit in (made, copy):
        with refused("FR-11"):
            how(people, lead, exhibit, "witness", WITNESS)


@pytest.mark.parametrize("how", [link, written])
@pytest.mark.parametrize(
    "shown", ["A flyer", "One, by Det. Okafor", "None but his", "No. 4", "None - 6", "NONE (4)", "none", "", WERE_SHOWN]
)
def test_a_witness_who_was_shown_photos_is_a_lineup(people, lead, how, shown):
    said = make.exhibit(people, kind="interview", title="Statement of L. Ostrander")
    with pytest.raises((PolicyDenied, IntegrityError, ValidationError), match=r"FR-11|Fill in: photos shown"):
        how(people, lead, said, "witness", WITNESS | {"shown_photos": shown})
    how(people, lead, said, "witness", WITNESS)
    assert [item.kind for item in lead.corroborations.all()] == ["witness"]


@pytest.mark.parametrize("how", [link, written])
@pytest.mark.parametrize(
    ("kind", "label"), [("clip", "whereabouts"), ("transit", "whereabouts"), ("physical", "physical")]
)
def test_nor_under_another_label_without_saying_what_was_shown(people, lead, how, kind, label):
    """A statement that somebody picked from six photos carries no warrant as whereabouts."""
    details = WHEREABOUTS if label == "whereabouts" else PHYSICAL
    said = make.exhibit(people, kind=kind, title="Picked number 4 of six")
    for shown in (
        {},
        {"shown_photos": NONE_SHOWN},
        {"shown_photos": "Nothing"},
        {"shown_photos": "Yes, six"},
        {"shown_photos": WERE_SHOWN},
    ):
        with pytest.raises((PolicyDenied, IntegrityError, ValidationError), match=r"FR-11|Fill in: photos shown"):
            how(people, lead, said, label, details | shown)
    how(people, lead, said, label, details | {"shown_photos": NO_STATEMENT})
    item = lead.corroborations.get()
    assert item.details["shown_photos"] == NO_STATEMENT
    assert ("Photos shown to a witness before the statement", NO_STATEMENT) in told(item.kind, item.details)


@pytest.mark.parametrize("how", [link, written])
def test_what_was_once_linked_as_a_lineup_stays_one(people, lead, how):
    """Also after that link was withdrawn, and for another lead."""
    said = make.exhibit(people, kind="document", title="What L. Ostrander said")
    make.verified(people, make.linked(people, lead))
    once = link(people, lead, said, "lineup", make.LINEUP)
    corroboration.withdraw(item=once, actor=people.okafor, reason="Called by another name from now on")
    for other in (lead, make.made_lead(people)):
        for kind, details in (("whereabouts", WHEREABOUTS), ("witness", WITNESS)):
            with refused("FR-11"):
                how(people, other, said, kind, {"shown_photos": NO_STATEMENT} | details)


@pytest.mark.parametrize("how", [link, written])
@pytest.mark.parametrize("kind", ["phone_records", "dna", "fingerprint"])
def test_reports_and_phone_records_are_linked_as_what_they_are(people, lead, how, kind):
    """Else cell-phone data count without their legal process (Pen. Code 1546.1)."""
    with refused("FR-10"):
        how(people, lead, make.exhibit(people, kind=kind), "whereabouts", WHEREABOUTS | {"shown_photos": NO_STATEMENT})


def test_what_is_found_to_be_a_lineup_counts_no_more(people, lead):
    """A link from before this was asked, or whose exhibit turns out to be a line-up, says not whom the witness picked."""
    said = make.exhibit(people, kind="interview", title="Statement of L. Ostrander")
    make.verified(people, link(people, lead, said, "witness", WITNESS))
    assert counting_items(lead, lineup_counts_alone=False)
    add_derivative(original=said, actor=people.okafor, title="The six pictures", derivation="From the recording", kind="lineup",
                   file=b"pictures", file_name="six.txt")  # fmt: skip
    assert not counting_items(lead, lineup_counts_alone=False)
    assert not counting_items(with_standing(Lead.objects.filter(pk=lead.pk)).get(), lineup_counts_alone=False)
    with pytest.raises(PolicyDenied, match=r"FR-1[01]"):
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    with pytest.raises(IntegrityError, match=r"FR-1[01]"), transaction.atomic():
        make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
        Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=lead.created_at)


@pytest.mark.parametrize(
    ("kind", "shown", "field"), [("lineup", "None", "id_evidence"), ("interview", WERE_SHOWN, "id_d_shown_photos")]
)
def test_the_page_says_so_at_the_field_and_loses_nothing(client, people, lead, kind, shown, field):
    exhibit = make.exhibit(people, kind=kind, title="What she said")
    sent: dict[str, Any] = FAIR | {"kind": "witness", "evidence": exhibit.pk}
    sent |= {f"d_{name}": value for name, value in (WITNESS | {"shown_photos": shown}).items()}
    sign_in(client, people.okafor)
    page = client.post(f"{lead.get_absolute_url()}link/", sent).content.decode()
    assert "This is a photo line-up, whatever its link is called" in page
    assert f"{field}_error" in page or f'{field}"' in page
    assert "Picked him out" in page
    assert not lead.corroborations.exists()
