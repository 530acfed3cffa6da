"""PK-16: applications are answered by a manager with reasons; prices and numbers come from the resolution."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking.citations.upload import Upload, UploadRefused
from parking.models import PermitApplication, PermitDecision
from parking.selectors.permit import claimed_by_others, household_permits
from parking.services import permit_application, permit_review
from parking.services.permit_application import CannotApply
from tests.factories.people import make_user
from tests.parking.permits import making

WHY = "Address and registration are proven."


def test_an_application_is_approved_with_reasons_and_its_plate_counts(residential, manager):
    permit = making.permit(residential, manager)
    assert permit.number.startswith("RP-") and permit.nth == 1 and permit.price_cents == 4000
    assert permit.application.state == "approved" and permit.approved_by == manager
    assert [str(row) for row in permit.plates.all()] == ["8ABC123 CA"]
    assert permit.plates.get().is_in_force


def test_an_approval_without_a_reason_is_refused(residential, manager):
    application = making.application(residential)
    with pytest.raises(PolicyDenied, match="PK-16"):
        permit_review.approve(application=application, actor=manager, reasons=" ")
    application.refresh_from_db()
    assert application.state == "waiting"


def test_an_officer_enters_and_does_not_decide(residential, agency):
    entered = permit_application.enter_application(
        actor=agency.officer, terms=residential, channel="counter", plates=[("7XYZ987", "US-CA")], details=making.WHO,
        documents_seen="Utility bill, registration",
    )  # fmt: skip
    assert entered.entered_by == agency.officer and entered.email == ""
    with pytest.raises(PolicyDenied, match="AC-08"):
        permit_review.approve(application=entered, actor=agency.officer, reasons=WHY)
    assert permit_review.approve(application=entered, actor=agency.manager, reasons=WHY).pk


def test_the_applicant_is_told_why_it_was_denied(residential, manager, django_capture_on_commit_callbacks):
    application = making.application(residential)
    with django_capture_on_commit_callbacks(execute=True):
        permit_review.deny(application=application, actor=manager, reasons="The bill is of another address.")
    assert application.state == "denied"
    assert "The bill is of another address." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [making.EMAIL]


def test_a_denied_application_is_reopened_and_then_approved(residential, manager):
    application = making.application(residential)
    permit_review.deny(application=application, actor=manager, reasons="The bill is of another address.")
    with pytest.raises(PolicyDenied, match="denied"):
        permit_review.approve(application=application, actor=manager, reasons=WHY)
    permit_review.reopen(application=application, actor=manager, reasons="A new bill was shown.")
    assert permit_review.approve(application=application, actor=manager, reasons=WHY).nth == 1
    assert [each.outcome for each in application.decisions.all()] == ["deny", "reopen", "approve"]


def test_each_permit_of_a_household_costs_its_tier_and_there_is_a_most(residential, manager):
    plates = ["1AAA111", "2BBB222", "3CCC333", "4DDD444"]
    prices = [making.permit(residential, manager, plate).price_cents for plate in plates[:3]]
    assert prices == [4000, 6000, 9000]
    one_more = making.application(residential, plates[3], address="12 elm st.")
    with pytest.raises(PolicyDenied, match="3 of 3 permits"):
        permit_review.approve(application=one_more, actor=manager, reasons=WHY)
    next_door = making.permit(residential, manager, plates[3], address="14 Elm Street")
    assert next_door.price_cents == 4000


def test_an_address_that_somebody_else_claims_is_shown_and_not_refused(residential, manager):
    making.permit(residential, manager, "1AAA111")
    other = making.application(residential, "2BBB222", email="other@example.com", name="Ann Cho")
    assert [each.name for each in claimed_by_others(other)] == ["Rosa Quill"]
    own = making.application(residential, "3CCC333")
    assert [each.name for each in claimed_by_others(own)] == ["Ann Cho"]
    assert permit_review.approve(application=other, actor=manager, reasons=WHY).nth == 2
    assert len(household_permits(own)) == 2


def test_a_plate_with_a_permit_of_the_class_gets_no_second_one(residential, manager):
    making.permit(residential, manager, "8ABC123")
    again = making.application(residential, "8abc-123", address="99 Oak Street")
    with pytest.raises(PolicyDenied, match="has a permit of this class"):
        permit_review.approve(application=again, actor=manager, reasons=WHY)
    again.refresh_from_db()
    assert again.state == "waiting" and not again.permits.exists()


def test_a_renewal_begins_where_the_old_permit_ends_at_the_price_of_its_place(residential, manager):
    making.permit(residential, manager, "1AAA111")
    old = making.permit(residential, manager, "2BBB222")
    renewal = making.permit(residential, manager, "2BBB222", renewal_of=old)
    assert (renewal.begins, renewal.nth, renewal.price_cents) == (old.ends, 2, 6000)
    assert renewal.renewal_of == old


def test_an_applicant_takes_an_application_back(residential, manager):
    application = permit_application.withdraw_application(application=making.application(residential), reason="")
    assert application.state == "withdrawn"
    assert application.decisions.get().by is None
    with pytest.raises(StaleState):
        permit_application.withdraw_application(application=application, reason="")


def test_an_approved_application_stays_approved(residential, manager):
    application = making.permit(residential, manager).application
    with pytest.raises(StaleState):
        permit_application.withdraw_application(application=application, reason="")
    with pytest.raises(PolicyDenied):
        permit_review.reopen(application=application, actor=manager, reasons="Looked at again.")


def test_documents_are_taken_by_what_they_are_and_not_by_their_name(residential):
    kept = making.application(residential, uploads=[Upload("bill.jpg", making.PDF)]).documents.get()
    assert (kept.media_type, kept.size) == ("application/pdf", len(making.PDF))
    with pytest.raises(UploadRefused):
        making.application(residential, "2BBB222", uploads=[Upload("bill.pdf", b"MZ a program")])


def test_without_documents_an_approval_says_how_it_was_made_sure(residential, manager):
    application = making.application(residential)
    with pytest.raises(PolicyDenied, match="No document"):
        permit_review.approve(application=application, actor=manager, reasons="All is well.")


@pytest.mark.parametrize("plates", [[], ["8ABC123", "8ABC-123"], ["8ABC123", "7XYZ987"]])
def test_a_permit_for_one_plate_takes_one(residential, plates):
    with pytest.raises(CannotApply):
        permit_application.apply_online(
            terms=residential, email=making.EMAIL, details=making.WHO, plates=[(plate, "US-CA") for plate in plates]
        )


def test_rules_that_changed_meanwhile_are_shown_again_first(residential, manager, area):
    making.more_terms(residential.permit_class, manager, [area], prices=[5000])
    with pytest.raises(CannotApply, match="changed"):
        making.application(residential)


def refused(rule: str, write) -> None:
    """The database refuses, and names the rule."""
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        write()


def test_the_database_moves_no_application_without_a_decision(residential, agency):
    application = making.application(residential)
    same = PermitApplication.objects.filter(pk=application.pk)
    for state in ("approved", "denied", "withdrawn"):
        refused("PK-16", lambda state=state: same.update(state=state))
    decision = PermitDecision(application=application, outcome="approve", reasons=WHY, by=agency.officer)
    refused("PK-16", lambda: PermitDecision.objects.bulk_create([decision]))
    without_reasons = PermitDecision(application=application, outcome="deny", reasons="", by=agency.manager)
    refused("pk_16_decision_has_reasons", without_reasons.save)
    refused("PK-16", lambda: same.update(address="1 Other Street"))


def test_a_chief_sees_and_does_not_decide(residential):
    with pytest.raises(PolicyDenied, match="AC-08"):
        permit_review.deny(application=making.application(residential), actor=make_user(Role.CHIEF), reasons=WHY)
