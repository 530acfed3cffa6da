"""What the addresses of parking lead to: a block with reads and alerts, citations in every state, permits."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parking import models, store
from parking.citations.upload import Upload
from parking.models import Alert, CitationDraft, PlateImage, Read
from parking.models.plate_policy import PARTS
from parking.services import (
    access,
    access_report,
    alert,
    citation,
    contest,
    exemption,
    ledger,
    ledger_import,
    permit_guest,
    permit_review,
    plan,
    plate_policy,
    share,
)
from parking.services import citation_draft as drafts
from parking.services import citation_hold as holds
from parking.services.looking import look_at_all
from parking.services.notice import record_mailing
from parking.services.violation_seed import seed_violations
from tests.factories import parking as make
from tests.factories.leads import picture
from tests.owners_hand import listed
from tests.parking.permits import making
from tests.permissions.world import World

NOON = make.MONDAY_NOON
REASON = "Written down for the matrix of permissions."
OWNER = {"name": "Rosa Quill", "address": "12 Elm Street\nEl Cerrito, CA 94530"}
FILED = OWNER | {"channel": "mail", "grounds": "not_occurred", "words": "I had moved my car by then."}


class Curbs:
    """A policy in force, a reader, a block of two zones, two alerts: one waits, one is dismissed; plate data held."""

    def __init__(self, world: World) -> None:
        self.users = world.users
        self.manager, self.officer = world.users["parking_manager"], world.users["parking_officer"]
        make.publish(self.manager, world.users["chief"])
        draft = plate_policy.draft_policy(actor=self.manager, public_comment_on=date(2026, 9, 15),
                                          public_comment_at="Council", **dict.fromkeys(PARTS, "In words."))  # fmt: skip
        device, _ = make.reader(self.manager)
        zones = make.street(self.manager)
        waits, over = self._alerts(device)
        image = self._picture(waits.last_read)
        query = access.look(user=self.officer, purpose="parking", reason="A driver asks", terms={"plate": "8ABC123"})
        hold = access.place_hold(actor=self.manager, plate="8ABC123", reason="A claim against the city")
        world.names |= {
            "device": device.pk, "zone": zones["east"].pk, "area": making.area(list(zones.values())).pk,
            "draft_policy": draft.pk, "policy": models.PlatePolicy.objects.exclude(pk=draft.pk).get().pk,
            "alert": waits.pk, "answer": models.AlertAnswer.objects.get(alert=over).pk, "image": image.pk,
            "read_keep": models.ReadKeep.objects.first().pk, "plate_hold": hold.pk, "query": query.pk,
            "gate": models.IngestGate.objects.first().pk, **self._shared(),
        }  # fmt: skip

    def _alerts(self, device) -> tuple[Alert, Alert]:
        for plate in ("8ABC123", "7XYZ987"):
            for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
                make.receive(device, make.seen(at, plate=plate), at=at)
        look_at_all()
        waits, over = Alert.objects.order_by("-plate")
        alert.dismiss(alert=over, actor=self.officer, reason="driver")
        return waits, over

    def _picture(self, read: Read) -> PlateImage:
        content = picture()
        return PlateImage.objects.create(read=read, kind="vehicle", sha256=store.store(content), size=len(content),
                                         media_type="image/png", state=PlateImage.State.STORED)  # fmt: skip

    def _shared(self) -> dict[str, Any]:
        """An agency, a request that was refused, a purge, a month in numbers."""
        listed("Oakland Police Department")
        agency = share.enter_agency(actor=self.users["chief"], listed=listed("Richmond Police Department"),
                                    contact="Records, 510-555-0100")  # fmt: skip
        made, _ = share.share(
            actor=self.users["chief"], agency=agency, request="Letter of November 20", received_on=timezone.localdate(),
            purpose="A stolen vehicle seen in both cities", plate="8ABC123", since=NOON, until=NOON + timedelta(days=1),
            reasons="It names no case number.", refuse=True,
        )  # fmt: skip
        return {
            "partner": agency.pk,
            "share": made.pk,
            "purge": self._purge().pk,
            "access_report": access_report.report_last_month().pk,
        }

    def _purge(self) -> models.PlatePurge:
        """The proof of a deletion, as the nightly one leaves it."""
        nothing = dict.fromkeys(("reads", "images", "stays", "batches", "kept"), 0)
        return models.PlatePurge.objects.create(before=NOON, retention_days=30, resolution="Resolution 2026-9",
                                                digest="0" * 64, **nothing)  # fmt: skip


class Citations:
    """One that everything can be done to, one that is contested up to the hearing, one paid, one with help asked for."""

    def __init__(self, world: World) -> None:
        self.manager, self.officer = world.users["parking_manager"], world.users["parking_officer"]
        seed_violations(actor=self.manager)
        violation = models.Violation.objects.get(code="hydrant")
        fresh, contested, paid, poor, held, void = (self.issued(violation, f"7ABC{123 + other}") for other in range(6))
        citation.confirm_delivery(citation=contested, actor=self.officer, how="attached")
        review, hearing = self._contested(contested)
        payment = ledger.record_payment(citation=paid, actor=self.manager, cents=50000, on=timezone.localdate())
        asked = plan.ask_for_plan(citation=poor, asked="plan", **OWNER)
        agreed = plan.grant_plan(
            citations=[held], actor=self.manager, monthly_cents=2500, months=4, unable_to_pay=True, reason=REASON,
            first_due_on=timezone.localdate() + timedelta(days=30), **OWNER,
        )  # fmt: skip
        hold = holds.place_hold(citation=paid, actor=self.manager, reason=REASON)
        holds.ask_for_copy(citation=paid, asked_by="Rosa Quill", send_to="12 Elm Street", entered_by=self.manager)
        voided = citation.void_citation(citation=void, actor=self.manager, reason=REASON)
        ledger_import.import_payments(content=b"reference,citation,kind,amount,date\n", file_name="none.csv",
                                      actor=self.manager)  # fmt: skip
        document = models.ContestDocument.objects.get(contest=review)
        world.names |= {
            "citation": fresh.number, "citation_id": fresh.pk, "contested": contested.number, "paid": paid.number,
            "poor": poor.number, "on_plan": held.number, "plan": agreed.pk, "plan_request": asked.pk,
            "citation_hold": hold.pk, "payment": payment.pk, "void": voided.pk, "payments": models.PaymentImport.objects.get().pk,
            "review": review.pk, "result": review.result.pk, "hearing": hearing.pk, "document": document.pk,
            "notice": fresh.notices.first().pk, "amount": violation.amounts.get().pk, "violation": violation.code,
            "draft": drafts.begin(officer=self.officer).pk, "observed_on": f"{timezone.localdate()}",
            "soon": f"{timezone.localdate() + timedelta(days=30)}",
        }  # fmt: skip

    def issued(self, violation: models.Violation, plate: str) -> models.Citation:
        """Written by the officer, by hand."""
        return citation.issue_citation(
            draft=CitationDraft.objects.create(officer=self.officer), actor=self.officer, read_at_vehicle=True,
            will_attach=True, observed={
                "violation": violation, "violation_at": timezone.now() - timedelta(minutes=5), "zone": None,
                "place": "Alder Street 1100 block, east side", "plate": plate, "plate_state": "US-CA",
                "registration_expiry": "04/2027", "vin_last4": "0417", "color": "Blue", "make": "Honda", "body": "Sedan",
            },
        )  # fmt: skip

    def _contested(self, contested: models.Citation) -> tuple[models.Contest, models.Contest]:
        """A review that was decided and mailed, and the hearing that follows and waits."""
        review = contest.file_contest(citation=contested, actor=self.officer, stage="review", details=FILED,
                                      uploads=[Upload("letter.pdf", making.PDF)])  # fmt: skip
        result = contest.decide(contest=review, actor=self.manager, outcome="upheld", reason=REASON)
        record_mailing(notice=result.notice, actor=self.manager, on=timezone.localdate())
        waived = {"deposit_waived": True, "waiver_reason": "No income.", "manner": "writing"}
        hearing = contest.file_contest(citation=contested, actor=self.manager, stage="hearing", details=FILED | waived)
        return review, hearing


class Permits:
    """A class with rules; an application that waits, one that was denied; a permit with guests; exempt plates."""

    def __init__(self, world: World) -> None:
        manager = world.users["parking_manager"]
        area = models.CurbArea.objects.get(pk=world.names["area"])
        terms = making.terms(manager, [area])
        guests = making.terms(manager, [area], kind="visitor", guest_hours=8, guest_visits_max=5, documents="")
        waits = making.application(terms, "6DEF456", uploads=[Upload("bill.pdf", making.PDF)])
        denied = making.application(terms, "5GHJ789", address="14 Elm Street")
        permit_review.deny(application=denied, actor=manager, reasons=REASON)
        granted = making.permit(terms, manager, "4KLM012", address="16 Elm Street")
        visitors = making.permit(guests, manager, address="18 Elm Street")
        code, _ = permit_guest.make_code(permit=visitors)
        exempt = exemption.add_exemption(actor=manager, kind="city_fleet", plate="1234567", state="US-CA", source="Fleet",
                                         last_day=timezone.localdate())  # fmt: skip
        exemption.import_list(
            content=b"plate,state,kind,expires,words\n", file_name="none.csv", source="Fleet", actor=manager
        )
        world.names |= {
            "class": terms.permit_class.code, "terms": terms.pk, "waits": waits.number, "waits_id": waits.pk,
            "denied": denied.number, "permit": granted.number, "permit_id": granted.pk, "visitors": visitors.number,
            "guest_code": code.pk, "plate_row": granted.plates.first().pk, "paper": waits.documents.first().pk,
            "decided": models.PermitDecision.objects.first().pk, "exempt": exempt.pk,
            "exempt_import": models.ExemptionImport.objects.get().pk,
        }  # fmt: skip
