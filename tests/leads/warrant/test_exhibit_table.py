"""As what each kind of exhibit counts, by its file too: what it may be linked as stands in one table (FR-10)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.models import Evidence, StoredFile
from cases.services.evidence import add_derivative
from cases.sniffing import media_type_of
from ecpd.doctor.finding import State
from ecpd.policy.errors import PolicyDenied
from leads.after_upgrade import links_of_another_kind
from leads.corroboration import NO_STATEMENT, NONE_SHOWN, answers_no
from leads.models import Corroboration, Lead
from tests.factories import leads as make
from tests.leads.warrant.test_near_copies import scene
from tests.leads.warrant.test_same_report import link, said, stands
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
LABELS = ("dna", "fingerprint", "phone", "physical", "witness", "whereabouts")
MEDIA = ("image/png", "image/heic", "video/mp4", "audio/wav", "text/plain", "application/pdf", "application/zip",
         "application/octet-stream")  # fmt: skip
# Of each kind of exhibit: as what it counts with whatever file, and with which file as anything else than words.
WORDS = {"audio", "document", "interview"}
RIGHT_FILE = {
    "photo": {"image/png", "image/heic"}, "still": {"image/png", "image/heic"},
    "clip": {"video/mp4", "application/octet-stream"}, "dna": {"application/pdf"}, "fingerprint": {"application/pdf"},
    "phone_records": {"application/pdf", "application/zip", "text/plain"},
    "physical": {"image/png", "image/heic", "video/mp4"},
    "transit": {"image/png", "image/heic", "application/pdf", "application/zip", "text/plain"},
}  # fmt: skip
AS_WHAT = {"photo": {"physical", "whereabouts"}, "still": {"physical", "whereabouts"}, "dna": {"dna"}, "transit": {"whereabouts"},
           "clip": {"physical", "whereabouts", "witness"}, "fingerprint": {"fingerprint"}, "phone_records": {"phone"},
           "physical": {"physical"}}  # fmt: skip


@pytest.fixture(scope="module")
def begun(kept):
    people = make.agency()
    return people, make.made_lead(people)


@pytest.fixture
def story(begun):
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


def counted() -> set[tuple[str, str]]:
    """Of every exhibit there is, under every label: what the database counts as what it is called."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.kind, l.label FROM cases_evidence e CROSS JOIN unnest(%s::text[]) l(label)
            WHERE e.title = 'Of the table' AND ecpd_counts_as(l.label, jsonb_build_object('shown_photos',
                CASE l.label WHEN 'witness' THEN 'None' ELSE 'No statement' END), e.id) = l.label""",
            [list(LABELS)],
        )
        return set(cursor.fetchall())


def test_the_table_of_every_kind_and_every_file_and_every_label(people):
    kinds = [kind for kind in Evidence.Kind.values if kind != "lineup"]
    rows = [make.exhibit(people, kind=kind, title="Of the table") for kind in kinds]
    with make.by_the_owner():
        Evidence.objects.filter(title="Of the table").update(phash=None)
        files = [
            StoredFile.objects.create(sha256=f"{n:064x}", size=1, media_type="image/png") for n in range(len(rows))
        ]
        for row, file in zip(rows, files, strict=True):
            Evidence.objects.filter(pk=row.pk).update(file=file)
        for media in MEDIA:
            StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(media_type=media)
            expected = {(kind, "witness") for kind in WORDS} | {
                (kind, label) for kind, labels in AS_WHAT.items() if media in RIGHT_FILE[kind] for label in labels
            }
            assert counted() == expected, media
        Evidence.objects.filter(title="Of the table").update(file=None)
    assert counted() == {(kind, "witness") for kind in WORDS} | {
        (k, label) for k, labels in AS_WHAT.items() for label in labels
    }


def test_a_picture_of_whatever_maker_is_a_picture():
    head = b"\0\0\0\x18ftyp"
    brands = (b"heim", b"heis", b"hevc", b"msf1", b"mif1", b"avis", b"avif")
    pictures = [head + brand + b"\0" * 99 for brand in brands] + [b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\1\0" + b"\1" * 99]
    assert {media_type_of(one).partition("/")[0] for one in pictures} == {"image"}
    assert media_type_of(head + b"isom" + b"\0" * 99) == "video/mp4"


def test_words_of_a_person_are_a_witnesss_under_no_other_label(client, people, lead):
    """Nor is a document an object, or the carrier's list of towers a record of where he was, without its process."""
    heard = make.exhibit(people, kind="interview", title="Statement of P. Lund")
    typed, film, photo = (add_derivative(
        original=heard, actor=people.okafor, title=f"Made of it: {kind}", derivation="Made of it", kind=kind, file=file,
        file_name="a") for kind, file in (("document", b"I saw him"), ("transit", b"At the kiosk, he said"),
                                          ("photo", scene("JPEG", name="coffee.png"))))  # fmt: skip
    towers = make.exhibit(people, kind="document", title="Tower list of his phone, from the carrier")
    other = make.exhibit(people, kind="other", title="Report FP-9")
    for exhibit in (heard, typed, film, photo, towers, other):
        for label in ("whereabouts", "physical", "phone", "fingerprint"):
            with pytest.raises(PolicyDenied, match="An exhibit is linked as what it is"):
                link(people, lead, label, exhibit=exhibit, reference="R-77")
            with pytest.raises(IntegrityError, match="FR-10: An exhibit is linked as what it is"), transaction.atomic():
                make.allowed_on(people.okafor, "corroboration.link", lead)
                Corroboration.objects.create(
                    lead=lead, evidence=exhibit, kind=label, details=said(label, exhibit), linked_by=people.okafor,
                    ties_by="It is his", because_of="no", rests_on_face="no", independence="Found the same night",
                )  # fmt: skip
    sign_in(client, people.okafor)
    page = f"{lead.get_absolute_url()}link/"
    sent = {"kind": "whereabouts", "evidence": heard.pk, "ties_by": "At the kiosk", "because_of": "no", "rests_on_face": "no",
            "independence": "Found the same night"}  # fmt: skip
    sent |= {f"d_{name}": value for name, value in said("whereabouts", heard).items()}
    text = client.post(page, sent).content.decode()
    assert "entered as “Interview”, which is linked as “Independent witness”" in text and "At the kiosk" in text
    camera = make.exhibit(people, kind="clip", title="Camera of the kiosk")
    text = client.post(page, sent | {"evidence": camera.pk, "d_shown_photos": NONE_SHOWN}).content.decode()
    assert "whose name they bear: link this as" in text and not lead.corroborations.exists()
    item = link(people, lead, "witness", exhibit=typed, witness="P. Lund")
    make.verified(people, item)
    assert stands(item) == "counts"


def test_what_an_older_release_linked_otherwise_counts_no_more_until_it_is_linked_anew(people, lead):
    heard = make.exhibit(people, kind="document", title="Time clock of the mill")
    record = make.exhibit(people, kind="transit", title="Time clock of the mill")
    item = link(people, lead, "whereabouts", exhibit=record)
    make.verified(people, item)
    assert stands(item) == "counts" and answers_no("whereabouts") == NO_STATEMENT
    with make.by_the_owner():
        Corroboration.objects.filter(pk=item.pk).update(evidence=heard, details=item.details | {"shown_photos": "None"})
    assert stands(item) == "another kind"
    found = links_of_another_kind()
    assert found.state is State.WARN and f"{heard.label} of {lead.number}" in found.sentence
    with make.by_the_owner():  # what was said to hold no statement, in the words of then
        Corroboration.objects.filter(pk=item.pk).update(evidence=record)
    assert stands(item) == "counts" and links_of_another_kind().state is State.OK
    with pytest.raises((PolicyDenied, IntegrityError, ValidationError), match="FR-11"):
        link(people, lead, "whereabouts", exhibit=make.exhibit(people, kind="clip"), shown_photos=NONE_SHOWN)
