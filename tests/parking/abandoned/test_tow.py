"""PK-04, PK-10 and PK-11: a tow from order to end."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking import store
from parking.models import TowEnd, TowHearing, TowNotice, TowOrder, TowResult
from parking.paper.typeset import typeset
from parking.services import tow
from tests.parking.abandoned.conftest import ORDER, ORDINANCE, ask, hours_pass, look, mark, notice, report

pytestmark = pytest.mark.django_db
REASON = "The photos and both looks show that it stood there all the time."


def refused(rule: str, write) -> None:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        write()


def order_row(matter, by, **fields) -> TowOrder:
    """An order as somebody past the services would write it."""
    whole = {"vehicle": matter, "year": 2026, "serial": 9000, "number": "T-26-9000", "ordered_by": by, "at": timezone.now(),
             "orderer_class": "employee", "grounds": [matter.kind], "authority": "Vehicle Code 22651(k)",
             "ordinance": ORDINANCE, "purpose": "Stored.", "tow_company": "Demo", "storage": "Yard",
             "content": {"title": "Tow order"}, "sha256": "0" * 64} | fields  # fmt: skip
    return TowOrder(**whole)


def end(people, order, how, **fields):
    whole = {"reason": "The owner came with the papers.", "to": "Rosa Quill"} | fields
    return tow.end_tow(order=order, actor=people.officer, how=how, **whole)


def test_an_order_has_a_paper_that_comes_out_the_same_again(order):
    pdf = store.read(order.sha256)
    assert pdf.startswith(b"%PDF-")
    assert typeset("tow_order", order.content, at=order.at) == pdf
    assert order.vehicle.state == "ordered"
    said = str(order.content)
    for words in ("7XYZ321", "22651(k)", "Demonstration Code", "Second look", "Keys"):
        assert words in said


@pytest.mark.parametrize("as_what", ["other", ""])
def test_only_an_authorized_class_of_person_orders(people, ready, as_what):
    with pytest.raises(PolicyDenied) as denied:
        tow.order_tow(matter=ready, actor=people.manager, **ORDER | {"orderer_class": as_what})
    assert {verdict.rule_id for verdict in denied.value.blocking} == {"PK-04"}
    refused("pk_04_authorized_class", order_row(ready, people.manager, orderer_class=as_what).save)


def test_no_tow_before_the_second_look(people, ordinance):
    matter = report(people)
    mark(people, matter)
    with pytest.raises(PolicyDenied, match="It stands at “Warning marked”") as denied:
        tow.order_tow(matter=matter, actor=people.manager, **ORDER)
    assert "Mark it, wait, and look again." in {verdict.remedy for verdict in denied.value.blocking}
    refused("PK-04", order_row(matter, people.manager).save)
    refused("PK-04", lambda: TowOrder.objects.bulk_create([order_row(matter, people.manager)]))


def test_seventy_two_hours_are_counted_from_a_sighting(people, ordinance):
    """A caller reports, the warning marked at once is the first sighting; 72 hours later it may be ordered."""
    matter = report(people, source="citizen")
    mark(people, matter)
    hours_pass(72.1)
    look(people, matter)
    assert tow.order_tow(matter=matter, actor=people.manager, **ORDER).number.startswith("T-")


def test_unpaid_citations_are_never_the_only_ground(people, ready):
    with pytest.raises(PolicyDenied) as denied:
        tow.order_tow(matter=ready, actor=people.manager, grounds=[], unpaid_citations=True, **ORDER)
    assert "PK-11" in {verdict.rule_id for verdict in denied.value.blocking}
    for grounds in (["unpaid_citations"], ["unpaid_citations"] * 2, []):
        with pytest.raises(DatabaseError, match="PK-04"), transaction.atomic():
            order_row(ready, people.manager, grounds=grounds).save()


def test_the_constraint_on_unpaid_citations_holds_by_itself(people, ready):
    from tests.parking.citation.conftest import as_owner

    with as_owner(), pytest.raises(DatabaseError, match="pk_11_never_only_unpaid"), transaction.atomic():
        order_row(ready, people.manager, grounds=["unpaid_citations"]).save()


@pytest.mark.parametrize("said", ["unpaid", "Unpaid_citations", "favor"])
def test_a_ground_that_there_is_not_is_refused_beside_the_matter_too(people, ready, said):
    with pytest.raises(DatabaseError, match="pk_11_grounds_that_there_are"), transaction.atomic():
        order_row(ready, people.manager, grounds=["stored_72h", said]).save()


def test_unpaid_citations_may_stand_beside_the_matter(people, ready):
    order = tow.order_tow(matter=ready, actor=people.manager, unpaid_citations=True, **ORDER)
    assert order.grounds == ["stored_72h", "unpaid_citations"]


def test_a_removal_has_an_inventory_and_lies_between_order_and_now(people, order):
    for at in (order.at - timedelta(minutes=5), timezone.now() + timedelta(minutes=5)):
        with pytest.raises(StaleState):
            tow.record_removal(order=order, actor=people.officer, at=at, condition="Fine.", inventory="nothing")
    hours_pass(1)
    order.refresh_from_db()
    tow.record_removal(order=order, actor=people.officer, at=timezone.now(), condition="Fine.", inventory="nothing")
    assert order.removal.inventory == "nothing"


def test_both_owners_are_told_and_the_paper_names_place_authority_and_the_right_to_a_hearing(people, removed):
    sent = notice(people, removed)
    notice(people, removed, "legal", name="Demo Bank")
    assert store.read(sent.sha256).startswith(b"%PDF-")
    said = str(sent.content)
    for words in ("Demo Towing Yard", "22651(k)", "hearing", "agency pays", "Alder Street"):
        assert words in said


def test_a_late_notice_is_sent_all_the_same_with_the_reason_why(people, removed):
    hours_pass(24 * 7)
    removed.refresh_from_db()
    with pytest.raises(PolicyDenied, match="due by"):
        notice(people, removed)
    assert notice(people, removed, late_reason="The registration came back only this morning.").late_reason


def test_no_notice_without_removal(people, order):
    with pytest.raises(PolicyDenied):
        notice(people, order)
    row = TowNotice(order=order, sent_to="registered", name="A", address="B", dated=timezone.localdate(),
                    sent_at=timezone.now(), content={}, sha256="0" * 64, by=people.officer)  # fmt: skip
    refused("PK-10", row.save)


def test_a_hearing_is_asked_for_within_ten_days_and_later_with_a_reason(people, removed):
    notice(people, removed)
    hours_pass(24 * 20)
    removed.refresh_from_db()
    with pytest.raises(PolicyDenied, match="could be asked for until"):
        ask(people, removed)
    row = TowHearing(order=removed, asked_at=timezone.now(), channel="phone", name="A", contact="B", entered_by=people.officer,
                     last_day=timezone.localdate() - timedelta(days=5), due_at=timezone.now())  # fmt: skip
    refused("PK-10", row.save)
    assert ask(people, removed, late_reason="The owner was in hospital and shows a letter.").late_reason


def test_the_database_shortens_no_owners_days(people, removed):
    notice(people, removed)
    row = TowHearing(order=removed, asked_at=timezone.now(), channel="phone", name="A", contact="B", entered_by=people.officer,
                     last_day=timezone.localdate() + timedelta(days=9), due_at=timezone.now())  # fmt: skip
    refused("PK-10", lambda: TowHearing.objects.bulk_create([row]))


def decide(hearing, by, outcome="valid", **fields):
    whole = {"reason": REASON, "held_at": timezone.now()} | fields
    return tow.hold_hearing(hearing=hearing, actor=by, outcome=outcome, **whole)


def test_a_hearing_is_held_by_somebody_who_had_no_part(people, removed):
    notice(people, removed)
    hearing = ask(people, removed)
    assert decide(hearing, people.examiner).outcome == "valid"


def test_who_ordered_the_tow_holds_no_hearing_on_it(people, removed):
    from django.contrib.auth.models import Group

    hearing = ask(people, removed)
    people.manager.groups.add(Group.objects.get(name="hearing_examiner"))
    people.officer.groups.add(Group.objects.get(name="hearing_examiner"))
    for who in (
        type(people.manager).objects.get(pk=people.manager.pk),
        type(people.officer).objects.get(pk=people.officer.pk),
    ):
        with pytest.raises(PolicyDenied, match=r"ordered this tow|marked the warning"):
            decide(hearing, who)
    row = TowResult(hearing=hearing, held_at=timezone.now(), held_by=people.manager, outcome="valid", reason=REASON)
    refused("PK-10", row.save)
    refused("PK-10", lambda: TowResult.objects.bulk_create([row]))


def test_a_hearing_gives_its_reason_and_says_why_it_is_late(people, removed):
    hearing = ask(people, removed)
    with pytest.raises(PolicyDenied):
        decide(hearing, people.examiner, reason="Valid.")
    refused("pk_10", TowResult(hearing=hearing, held_at=timezone.now(), held_by=people.examiner, outcome="valid",
                               reason=" ").save)  # fmt: skip
    hours_pass(24 * 7)
    hearing.refresh_from_db()
    late = decide(hearing, people.examiner, reason="Held late because the owner asked for another day. " + REASON)
    assert late.held_at > hearing.due_at


def test_an_invalid_tow_ends_with_release_at_the_agencys_cost(people, removed):
    notice(people, removed)
    decide(ask(people, removed), people.examiner, "invalid")
    for how, pays in (("released", False), ("disposed", True)):
        with pytest.raises(PolicyDenied, match="invalid"):
            end(people, removed, how, agency_pays=pays)
        row = TowEnd(order=removed, how=how, at=timezone.now(), to="A", agency_pays=pays, reason="x", by=people.officer)
        refused("PK-10", row.save)
    end(people, removed, "released", agency_pays=True)
    removed.vehicle.refresh_from_db()
    assert (removed.vehicle.state, removed.vehicle.outcome) == ("closed", "released")


def test_nothing_is_disposed_of_before_owners_are_told_their_days_are_over_and_they_were_heard(people, removed):
    row = TowEnd(order=removed, how="disposed", at=timezone.now(), reason="x", by=people.officer)
    with pytest.raises(PolicyDenied, match="not told"):
        end(people, removed, "disposed")
    refused("PK-10", row.save)
    notice(people, removed)
    notice(people, removed, "legal")
    with pytest.raises(PolicyDenied, match="may ask for a hearing until"):
        end(people, removed, "disposed")
    refused("PK-10", row.save)
    hearing = ask(people, removed)
    hours_pass(24 * 20)
    removed.refresh_from_db()
    with pytest.raises(PolicyDenied, match="not held yet"):
        end(people, removed, "disposed")
    refused("PK-10", row.save)
    hearing.refresh_from_db()
    decide(hearing, people.examiner)
    assert end(people, removed, "disposed").how == "disposed"


def test_an_order_is_canceled_only_before_the_truck_came(people, order):
    end(people, order, "canceled", to="")
    order.vehicle.refresh_from_db()
    assert order.vehicle.outcome == "canceled"


def test_after_the_removal_nothing_is_canceled(people, removed):
    with pytest.raises(PolicyDenied):
        end(people, removed, "canceled")
    refused("PK-10", TowEnd(order=removed, how="canceled", at=timezone.now(), reason="x", by=people.officer).save)


def test_an_ordered_tow_closes_only_by_its_end(order):
    refused("PK-10", lambda: type(order.vehicle).objects.update(
        state="closed", outcome="gone", closed_reason="x", closed_by=order.ordered_by, closed_at=timezone.now()))  # fmt: skip
