"""FR-01 to FR-06 hold in PostgreSQL, whatever the code does: raw SQL, update() and bulk_create as the application."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from cases.models import Case, CaseAssignment, Evidence
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from leads.models import Candidate, FaceVector, GalleryPhoto, GallerySource, SearchRequest
from leads.services.gallery import record_opt_out
from leads.services.running import run
from tests.factories.leads import a_source, allowed, allowed_on, quality, running_import
from tests.factories.people import make_user, suspend
from tests.leads.conftest import FACTS, degraded

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError, ProgrammingError)
FACE = {"ordinal": 0, "letter": "A", "box": [0, 0, 9, 9], "landmarks": [], "score": 1.0}


@pytest.fixture
def probe(add_probe, portraits) -> Evidence:
    """A poor picture of somebody in the gallery."""
    return add_probe(degraded(portraits[0]))


@pytest.fixture
def row(case, probe, investigator, offense):
    """An unsaved search that breaks no rule; keywords break one."""

    def make(**changes) -> SearchRequest:
        from ecpd.policy import versions

        values = {
            "number": "S-26-9999", "year": 2026, "serial": 9999, "case": case, "probe": probe, "face": FACE,
            "quality": quality(), "quality_passed": True, "purpose": "suspect", "offense": offense, "facts": FACTS,
            "requested_by": investigator, "manual_version": versions.in_force(),
        }  # fmt: skip
        allowed((values | changes)["requested_by"], "search.request", subject_type="leads.searchrequest")
        return SearchRequest(**values | changes)

    return make


def refused(rule_id: str, work) -> None:
    """The database refuses the work and names the rule."""
    with pytest.raises(REFUSED) as error, transaction.atomic():
        work()
    assert rule_id in str(error.value) or rule_id.lower().replace("-", "_") in str(error.value)


def insert(search: SearchRequest):
    """Past every service: bulk_create."""
    return lambda: SearchRequest.objects.bulk_create([search])


def test_a_row_that_breaks_no_rule_is_taken(row):
    insert(row())()
    assert SearchRequest.objects.get().number == "S-26-9999"


def test_fr_01_without_certificate(row, person, case):
    other = person("newcomer")
    allowed_on(case.captain, "case.assign", case)
    CaseAssignment.objects.create(case=case, user=other, assigned_by=case.captain)
    refused("FR-01", insert(row(requested_by=other)))


def test_fr_01_with_a_suspended_certificate(row, investigator):
    suspend(investigator, make_user(Role.ADMINISTRATOR))
    refused("FR-01", insert(row()))


def test_fr_02_on_a_closed_case(row, case):
    from django.utils import timezone

    allowed_on(case.opened_by, "case.close", case)
    Case.objects.filter(pk=case.pk).update(status="closed", closed_at=timezone.now())
    refused("FR-02", insert(row()))


def test_fr_02_on_somebody_elses_case(row, person):
    refused("FR-02", insert(row(requested_by=person("stranger", certified=True))))


def test_fr_02_with_too_few_words(row):
    refused("FR-02", insert(row(facts="Robbery.")))


@pytest.mark.parametrize("facts", ["\n" * 80, "\u200b" * 80, "a" + "\u200b" * 80, "why" + " \t" * 80 + "not"])
def test_fr_02_with_facts_that_nobody_can_see(row, facts):
    refused("FR-02", insert(row(facts=facts)))


def test_fr_02_with_a_purpose_that_is_none(row):
    refused("FR-02", insert(row(purpose="curious")))


def test_fr_02_with_an_offense_of_a_class_that_is_not_allowed(row):
    from cases.models import NibrsOffense

    society = NibrsOffense.objects.filter(crime_against="society").first()
    refused("FR-02", insert(row(offense=society)))


def test_fr_03_with_an_exhibit_that_is_no_still(row, add_probe, portraits):
    refused("FR-03", insert(row(probe=add_probe(portraits[1], look=False, kind="document"))))


def test_fr_03_with_an_exhibit_of_another_case(row, investigator, offense):
    from cases.services.case import open_case

    other = open_case(actor=investigator, title="Another", offense=offense, incident_number="26-014999")
    refused("FR-03", insert(row(case=other)))


def test_fr_04_failed_quality_without_words(row):
    refused("FR-04", insert(row(quality_passed=False)))


@pytest.mark.parametrize("kind", ["booking", "dmv", "private", "anything"])
def test_fr_05_by_bulk_create(kind, captain):
    source = GallerySource(name="Jail", kind=kind, owner="x", terms="x", provenance="x", added_by=captain)
    refused("FR-05", lambda: GallerySource.objects.bulk_create([source]))


def test_fr_05_by_update(source):
    refused("FR-05", lambda: GallerySource.objects.filter(pk=source.pk).update(kind="booking"))


def test_fr_06_an_opted_out_photo_is_not_imported_again(stocked, captain, today):
    photo = GalleryPhoto.objects.first()
    record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason="By letter")
    refused("FR-06", lambda: GalleryPhoto.objects.filter(pk=photo.pk).update(active=True))
    other = a_source(captain, "Other")
    again = GalleryPhoto(source=other, batch=running_import(captain, other), sha256=photo.sha256, file=photo.file)
    refused("FR-06", lambda: GalleryPhoto.objects.bulk_create([again]))


def test_fr_06_an_opted_out_photo_is_never_listed(stocked, captain, today, asked, probe):
    search = asked(probe)
    photo = GalleryPhoto.objects.get(subject__published_name="Person 0")
    record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason="By letter")
    assert not FaceVector.objects.filter(face__photo=photo, active=True).exists()
    assert run(search.pk) == "done"
    assert not search.candidates.filter(face__photo=photo).exists()
    slipped = Candidate(search=search, rank=99, face=photo.faces.first(), cosine=0.9, match_score=99, score_high=99,
                        snapshot={})  # fmt: skip
    refused("FR-06", lambda: Candidate.objects.bulk_create([slipped]))


def test_a_result_cannot_be_changed(stocked, asked, probe):
    search = asked(probe)
    run(search.pk)
    rows = SearchRequest.objects.filter(pk=search.pk)
    refused("FR-14", lambda: rows.update(above_bar=0, gallery_size=1))
    refused("FR-14", lambda: rows.update(facts=FACTS + " More."))
    refused("FR-14", lambda: rows.update(state="queued"))
    refused("permission denied", lambda: search.candidates.update(match_score=100))


def test_nothing_of_a_search_is_deleted(stocked, asked, probe):
    search = asked(probe)
    run(search.pk)
    for table in ("leads_searchrequest", "leads_candidate", "leads_galleryphoto", "leads_facevector"):
        with connection.cursor() as cursor:
            refused("permission denied", lambda cursor=cursor, table=table: cursor.execute(f"DELETE FROM {table}"))


def test_templates_stay_in_their_row(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute "
            "WHERE attrelid = 'leads_facevector'::regclass AND attname = 'embedding'"
        )
        assert cursor.fetchone()[0] == "p"


def test_the_engine_says_the_same_before_the_database_has_to(case, probe, investigator, offense):
    verdicts = policy.explain(
        investigator, "search.request", SearchRequest(case=case), case=case, probe=probe, face=None, quality={},
        purpose="curious", offense=offense, facts="", no_forbidden_ground=False,
    )  # fmt: skip
    assert {"FR-02", "FR-03", "FR-04"} <= {verdict.rule_id for verdict in verdicts if verdict.blocks}
    assert {"FR-01", "FR-05", "FR-06"} <= {verdict.rule_id for verdict in verdicts if not verdict.blocks}
