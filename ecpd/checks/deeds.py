"""Which acts stand behind a person whom a row names, and behind a step of a row that names nobody.

Rows that keep their decision stand in `acts`; of the others the database asks that the decision was made in the same
transaction. Data beside the guard that holds it (`behind`).
"""

from dataclasses import dataclass

from ecpd.checks.acts import ANY, CITATION, CONTEST, ITSELF, NOTHING, RESULTS, STAGE, TOW, VEHICLE, Act

CASE, LEAD, CANDIDATE, APPLICATION = "cases.case", "leads.lead", "leads.candidate", "leads.warrantapplication"
OF_THE_EXHIBIT = "(SELECT v.case_id FROM public.cases_evidence v WHERE v.id = NEW.evidence_id)"
OF_THE_LIST = (
    "ARRAY(SELECT c.id::text FROM public.leads_candidate mine JOIN public.leads_candidate c ON c.search_id = mine.search_id "
    "WHERE mine.id = NEW.candidate_id)"
)
HIS_OF_THE_LIST = (
    "ARRAY(SELECT r.id::text FROM public.leads_candidate mine JOIN public.leads_candidate c ON c.search_id = mine.search_id "
    "JOIN public.leads_examinationrequest r ON r.candidate_id = c.id AND r.examiner_id = NEW.examiner_id "
    "WHERE mine.id = NEW.candidate_id)"
)
OF_THE_CITATION = "ARRAY(SELECT c.id::text FROM public.parking_contest c WHERE c.citation_id = NEW.citation_id)"
ACCOUNT, AMENDMENT = "accounts.user", "policy.amendment"
MANAGES = Act("account.manage", ACCOUNT, "user_id")
ZONE, HOTLIST, PERMIT = "parking.zone", "parking.hotlist", "parking.permit"
# A whole file of curbs, and a zone that is drawn: the decision is made before there is a row.
CURBS = (Act("zone.change", "parking.curbimport", NOTHING), Act("zone.change", NOTHING))
# What belongs to a zone: changed with it, or taken over from the one it was redrawn from.
OF_A_ZONE = (
    Act("zone.change", ZONE, "zone_id"),
    Act("zone.change", ZONE, "(SELECT z.previous_id FROM public.parking_zone z WHERE z.id = NEW.zone_id)"),
    *CURBS,
)
A_RESULT = tuple(Act(name, CONTEST, OF_THE_CITATION) for name in RESULTS.values())
A_PAUSE = (
    Act("citation.hold", CITATION, "citation_id"),
    Act("contest.file", CITATION, "citation_id", "NEW.kind = 'contest'"),
    Act("citation.plan", CITATION, ANY, "NEW.kind = 'plan'"),
)
A_RESUMPTION = (
    Act("citation.hold", CITATION, "citation_id"),
    Act("citation.plan", CITATION, ANY, "NEW.kind = 'plan'"),
    # The last payment of its plan, on one of its citations or in a file.
    Act("citation.payment", CITATION, ANY, "NEW.kind = 'plan'"),
    Act("citation.payment", NOTHING, NOTHING, "NEW.kind = 'plan'"),
    *(Act(name, CONTEST, OF_THE_CITATION, "NEW.kind = 'contest'") for name in (*RESULTS.values(), "contest.withdraw")),
)
OF_THE_VEHICLE = "ARRAY(SELECT t.id::text FROM public.parking_toworder t WHERE t.vehicle_id = {})"
# A number that takes over from another has its application; a plate follows into the permit that renews its own.
OF_ITS_HOUSEHOLD = (
    "ARRAY(SELECT p.id::text FROM public.parking_permit n JOIN public.parking_permit p "
    "ON p.application_id = n.application_id OR p.id = n.renewal_of_id WHERE n.id = NEW.permit_id)"
)
CONTRIBUTES = Act("case.contribute", CASE, "case_id")

# The column of a person, and what that person decided on.
PEOPLE: dict[str, tuple[Act, ...]] = {
    "accounts.ApiToken.revoked_by": (Act("token.revoke", "accounts.apitoken", "id"),),
    "accounts.FactorState.enrol_by": (MANAGES, Act("account.manage", ACCOUNT, NOTHING)),
    "accounts.PasswordLock.released_by": (MANAGES,),
    "accounts.PasswordReset.opened_by": (MANAGES,),
    "accounts.PasswordReset.seconded_by": (MANAGES,),
    "accounts.TrainingCertificate.suspended_by": (Act("certificate.suspend", "accounts.trainingcertificate", "id"),),
    "cases.Case.opened_by": (Act("case.create", CASE, NOTHING),),
    "cases.CaseAssignment.assigned_by": (Act("case.assign", CASE, "case_id"), Act("case.create", CASE, NOTHING)),
    "cases.CaseAssignment.ended_by": (Act("case.assign", CASE, "case_id"),),
    "cases.IncidentNumber.entered_by": (Act("case.tie", CASE, "case_id"), Act("case.create", CASE, NOTHING)),
    "cases.IncidentNumber.withdrawn_by": (Act("case.untie", CASE, "case_id"),),
    "cases.CaseLink.entered_by": (Act("case.tie", CASE, "case_id"),),
    "cases.CaseLink.withdrawn_by": (Act("case.untie", CASE, "case_id"),),
    "cases.Evidence.added_by": (Act("evidence.add", CASE, "case_id"),),
    "cases.Evidence.withdrawn_by": (Act("evidence.withdraw", "cases.evidence", "id"),),
    "cases.CustodyEntry.recorded_by": (
        Act("evidence.hand_over", CASE, OF_THE_EXHIBIT),
        Act("evidence.add", CASE, OF_THE_EXHIBIT),
    ),
    "cases.CaseNote.author": (CONTRIBUTES,),
    "cases.Person.added_by": (CONTRIBUTES, Act("lead.promote", CANDIDATE, ANY, "NEW.role = 'lead'")),
    "cases.Person.withdrawn_by": (CONTRIBUTES,),
    "cases.PersonMerge.proposed_by": (Act("person.merge.propose", "cases.person", "keep_id"),),
    "cases.PersonMerge.decided_by": (Act("person.merge.decide", "cases.personmerge", "id"),),
    "cases.PersonMerge.undone_by": (Act("person.merge.decide", "cases.personmerge", "id"),),
    "cases.NotSamePerson.recorded_by": (CONTRIBUTES,),
    "leads.GallerySource.added_by": (Act("gallery.add_source", "leads.gallerysource", ITSELF),),
    "leads.ImportBatch.requested_by": (Act("gallery.import", "leads.gallerysource", "source_id"),),
    "leads.GallerySource.withdrawn_by": (Act("gallery.add_source", "leads.gallerysource", "id"),),
    "leads.OptOut.recorded_by": (Act("gallery.opt_out", "leads.optout", ITSELF),),
    "leads.OptOut.withdrawn_by": (Act("gallery.opt_out", "leads.optout", "id"),),
    "leads.ModelCard.created_by": (Act("card.keep", NOTHING),),
    # Drawn as the first examiner records the last conclusion on a list, or for who could not examine.
    "leads.ExaminationRequest.asked_by": (
        Act("review.assign", CANDIDATE, "candidate_id"), Act("review.conclude", CANDIDATE, OF_THE_LIST),
    ),
    "leads.Examination.examiner": (Act("review.conclude", CANDIDATE, "candidate_id"),),
    "leads.Lead.created_by": (Act("lead.promote", CANDIDATE, "candidate_id"),),
    "leads.Lead.marked_by": (Act("lead.mark_for_warrant", LEAD, "id"),),
    "leads.Lead.cleared_by": (Act("lead.clear", LEAD, "id"),),
    "leads.Corroboration.linked_by": (
        Act("corroboration.link", LEAD, "lead_id", "NEW.kind <> 'lineup'"),
        Act("lineup.open", LEAD, "lead_id", "NEW.kind = 'lineup'"),
    ),
    "leads.Corroboration.withdrawn_by": (Act("corroboration.withdraw", LEAD, "lead_id"),),
    "leads.CorroborationVerification.verifier": (
        Act("corroboration.verify", "leads.corroboration", "corroboration_id"),
    ),
    "leads.ExculpatoryEntry.entered_by": (Act("exculpatory.add", LEAD, "lead_id"),),
    "leads.ExculpatoryAnswer.answered_by": (Act("exculpatory.answer", "leads.exculpatoryentry", "entry_id"),),
    "leads.WarrantApplication.applicant": (Act("warrant.apply", LEAD, "lead_id"),),
    "leads.WarrantDecision.captain": (
        Act("warrant.approve", APPLICATION, "application_id", "NEW.outcome = 'approve'"),
        Act("warrant.deny", APPLICATION, "application_id", "NEW.outcome = 'deny'"),
    ),
    # These may keep their decision too (`acts`); the database does not ask that they name it, only that there is one.
    "leads.SearchRequest.requested_by": (Act("search.request", "leads.searchrequest", ITSELF),),
    "parking.AbandonedVehicle.reported_by": (Act("abandoned.mark", VEHICLE, ITSELF),),
    "parking.AbandonedVehicle.closed_by": (
        Act("abandoned.mark", VEHICLE, "id"), Act("tow.notice", TOW, OF_THE_VEHICLE.format("NEW.id")),
    ),
    "parking.AbandonedPhoto.by": (
        Act("abandoned.mark", VEHICLE, "vehicle_id"),
        Act("abandoned.mark", VEHICLE, NOTHING, "public.ecpd_noted('parking_abandonedvehicle', NEW.vehicle_id::text)"),
        Act("tow.notice", TOW, OF_THE_VEHICLE.format("NEW.vehicle_id"), "NEW.step = 'removal'"),
    ),
    "parking.AbandonedMark.by": (Act("abandoned.mark", VEHICLE, "vehicle_id"),),
    "parking.CitationCopy.entered_by": (Act("citation.hold", CITATION, "citation_id"),),
    "parking.CitationCopy.sent_by": (Act("citation.hold", CITATION, "citation_id"),),
    "parking.CitationDelivery.by": (Act("citation.attach", CITATION, "citation_id"),),
    "parking.CitationHold.placed_by": A_PAUSE,
    "parking.CitationHold.released_by": A_RESUMPTION,
    "parking.CitationNotice.issued_by": (
        Act("citation.plan", CITATION, ANY, "NEW.kind = 'plan'"),
        Act("citation.issue", CITATION, NOTHING, "public.ecpd_noted('parking_citation', NEW.citation_id::text)"),
        *A_RESULT,
    ),
    "parking.NoticeMailing.by": (
        Act(
            "citation.payment", CITATION,
            "(SELECT n.citation_id FROM public.parking_citationnotice n WHERE n.id = NEW.notice_id)",
        ),
    ),
    "parking.CitationVoid.by": (
        Act("citation.void", CITATION, "citation_id", "NEW.ground = 'void'"),
        *(Act(name, CONTEST, OF_THE_CITATION, f"NEW.ground = '{stage}'") for stage, name in RESULTS.items()),
    ),
    "parking.Contest.entered_by": (Act("contest.file", CITATION, "citation_id"),),
    "parking.ContestResult.decided_by": tuple(
        Act(name, CONTEST, "contest_id", f"{STAGE} = '{stage}'") for stage, name in RESULTS.items()
    ),
    "parking.CurbImport.imported_by": (Act("zone.change", "parking.curbimport", ITSELF),),
    "parking.CurbPolicy.added_by": (*CURBS, Act("zone.change", ZONE, ANY)),
    "parking.Zone.added_by": (*CURBS, Act("zone.change", ZONE, "previous_id")),
    "parking.ZonePolicy.changed_by": OF_A_ZONE,
    "parking.Device.registered_by": (Act("device.manage", "parking.device", ITSELF),),
    "parking.DeviceToken.issued_by": (
        Act("device.manage", "parking.device", "device_id"),
        Act("device.manage", "parking.device", NOTHING, "public.ecpd_noted('parking_device', NEW.device_id::text)"),
    ),
    "parking.Exemption.added_by": (
        Act("exemption.change", "parking.exemption", ITSELF, "NEW.imported_id IS NULL"),
        Act("exemption.change", NOTHING, NOTHING, "NEW.imported_id IS NOT NULL"),
    ),
    "parking.Exemption.ended_by": (
        Act("exemption.change", "parking.exemption", "id"),
        Act("exemption.change", NOTHING, NOTHING, "public.ecpd_noted('parking_exemptionimport', NULL)"),
    ),
    "parking.Hotlist.withdrawn_by": (Act("hotlist.change", HOTLIST, "id"),),
    "parking.HotlistEntry.entered_by": (Act("hotlist.change", HOTLIST, "hotlist_id"),),
    "parking.HotlistEntry.withdrawn_by": (Act("hotlist.change", HOTLIST, "hotlist_id"),),
    "parking.PartnerAgency.entered_by": (Act("plate.partner", "parking.partneragency", ITSELF),),
    "parking.PaymentImport.by": (Act("citation.payment", NOTHING),),
    "parking.PaymentPlan.granted_by": (Act("citation.plan", CITATION, ANY),),
    "parking.PlanRequest.entered_by": (Act("citation.plan", CITATION, "citation_id"),),
    "parking.PlateHold.placed_by": (Act("plate.hold", "parking.platehold", ITSELF),),
    "parking.PlateHold.released_by": (Act("plate.hold", "parking.platehold", "id"),),
    "parking.PlatePolicy.drafted_by": (Act("plate_policy.draft", "parking.platepolicy", ITSELF),),
    "parking.PlatePolicy.published_by": (Act("plate_policy.publish", "parking.platepolicy", "id"),),
    "parking.Violation.added_by": (Act("violation.change", "parking.violation", ITSELF),),
    "parking.PermitClass.added_by": (Act("permit.set_up", "parking.permitclass", ITSELF),),
    "parking.PermitApplication.entered_by": (Act("permit.enter", NOTHING),),
    "parking.Permit.approved_by": (
        Act("permit.decide", "parking.permitapplication", "application_id"),
        Act(
            "permit.change", PERMIT,
            "ARRAY(SELECT p.id::text FROM public.parking_permit p WHERE p.application_id = NEW.application_id)",
        ),
    ),
    "parking.Permit.ended_by": (Act("permit.change", PERMIT, "id"),),
    "parking.PermitPlate.added_by": (
        Act("permit.change", PERMIT, "permit_id"), Act("permit.change", PERMIT, OF_ITS_HOUSEHOLD),
    ),
    "parking.GuestCode.made_by": (Act("permit.change", PERMIT, "permit_id"),),
    "parking.PermitDecision.by": (
        Act("permit.decide", "parking.permitapplication", "application_id", "NEW.outcome <> 'withdraw'"),
        Act("permit.enter", "parking.permitapplication", "application_id", "NEW.outcome = 'withdraw'"),
    ),
    "policy.Amendment.proposed_by": (Act("amendment.propose", AMENDMENT, ITSELF),),
    "policy.Amendment.decided_by": (
        Act("amendment.decide", AMENDMENT, "id", "NEW.state IN ('approved', 'rejected')"),
        Act("amendment.propose", AMENDMENT, "id", "NEW.state = 'withdrawn'"),
    ),
    "parking.TowOrder.ordered_by": (Act("tow.order", VEHICLE, "vehicle_id"),),
    "parking.TowNotice.by": (Act("tow.notice", TOW, "order_id"),),
    "parking.TowRemoval.by": (Act("tow.notice", TOW, "order_id"),),
    "parking.TowEnd.by": (Act("tow.notice", TOW, "order_id"),),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A change of a column that is somebody's act, though the row may not say whose.

    `when`: SQL, which changes; `by`: SQL for who must have decided, "" for anybody.
    """

    act: Act
    when: str = "true"
    by: str = ""


STEPS: dict[str, Step] = {
    "cases.Case.sealed": Step(Act("case.seal", CASE, "id")),
    "cases.Case.sealed_reason": Step(Act("case.seal", CASE, "id")),
    "cases.Case.status": Step(Act("case.close", CASE, "id")),
    "cases.Case.captain": Step(Act("case.manage", CASE, "id")),
    **{
        f"cases.Case.{column}": Step(Act("case.manage", CASE, "id"))
        for column in ("title", "summary", "offense", "occurred_at", "occurred_until", "location")
    },
    **{
        f"cases.Person.{column}": Step(CONTRIBUTES)
        for column in ("role", "name", "unidentified", "date_of_birth", "description", "contact")
    },
    # Marked again by the same person, the row names nobody new; after an application it only comes back.
    "leads.Lead.state": Step(
        Act("lead.mark_for_warrant", LEAD, "id"), "NEW.state = 'marked' AND OLD.state <> 'applied'", "NEW.marked_by_id"
    ),
    "leads.ExaminationRequest.state": Step(
        Act("review.assign", "leads.candidate", "candidate_id"),
        "NEW.state = 'withdrawn' AND NEW.replaced_because <> 'knows'",
    ),
    "leads.ExaminationRequest.replaced_because": Step(
        Act("review.answer", "leads.examinationrequest", HIS_OF_THE_LIST),
        "NEW.replaced_because = 'knows'",
        "NEW.examiner_id",
    ),
    "leads.ExaminationRequest.knew_nothing_at": Step(
        Act("review.answer", "leads.examinationrequest", "id"), "true", "NEW.examiner_id"
    ),
    **{
        f"parking.Zone.{column}": Step(Act("zone.change", ZONE, "id"))
        for column in (
            *("name", "user_zone_id", "scope", "no_return_distance_m", "resolution", "signs_since", "enforced"),
            *("ends_at", "ended_reason"),
        )
    },
    # A file of curbs changes the rules of the zones in it as well.
    "parking.ZonePolicy.ends_at": Step(
        Act("zone.change", ZONE, "zone_id"),
        "NOT public.ecpd_decided('zone.change', 'parking.curbimport', ARRAY[''], NULL)",
    ),
    **{
        f"parking.PlatePolicy.{column}": Step(Act("plate_policy.draft", "parking.platepolicy", "id"))
        for column in (
            *("purposes", "people", "monitoring", "sharing", "custodian", "accuracy", "retention"),
            *("public_comment_on", "public_comment_at"),
        )
    },
    **{
        f"parking.AbandonedVehicle.{column}": Step(Act("abandoned.mark", VEHICLE, "id"))
        for column in ("kind", "grounds", "grounds_words", "seen_since")
    },
    "parking.CurbArea.ends_at": Step(Act("zone.change", "parking.curbimport", NOTHING)),
    "parking.CurbSpace.ends_at": Step(Act("zone.change", "parking.curbimport", NOTHING)),
    "parking.StreetLabel.withdrawn_at": Step(Act("zone.change", NOTHING)),
    "parking.PlatePolicy.withdrawn_at": Step(Act("plate_policy.withdraw", "parking.platepolicy", "id")),
    "parking.PlatePolicy.withdrawn_reason": Step(Act("plate_policy.withdraw", "parking.platepolicy", "id")),
    "parking.Violation.withdrawn_at": Step(Act("violation.change", "parking.violation", "id")),
    "parking.Violation.withdrawn_reason": Step(Act("violation.change", "parking.violation", "id")),
    "parking.PermitClass.withdrawn_at": Step(Act("permit.set_up", "parking.permitclass", "id")),
    "parking.PermitClass.withdrawn_reason": Step(Act("permit.set_up", "parking.permitclass", "id")),
    "parking.Device.retired_at": Step(Act("device.manage", "parking.device", "id")),
    "parking.Device.retired_reason": Step(Act("device.manage", "parking.device", "id")),
    "parking.DeviceToken.valid_until": Step(Act("device.manage", "parking.device", "device_id")),
    "parking.Permit.replaced_by": Step(Act("permit.change", PERMIT, "id")),
    "parking.Contest.scheduled_at": Step(Act("contest.schedule", CONTEST, "id")),
    "parking.Contest.held_at": Step(Act("contest.schedule", CONTEST, "id")),
    "parking.PartnerAgency.withdrawn_at": Step(Act("plate.partner", "parking.partneragency", "id")),
    "leads.WarrantApplication.state": Step(Act("warrant.withdraw", APPLICATION, "id"), "NEW.state = 'withdrawn'"),
}
# Rows that name nobody and are somebody's doing: what stands behind a new one.
COMES: dict[str, tuple[Act, ...]] = {
    "parking.CurbArea": CURBS,
    "parking.CurbSpace": CURBS,
    "parking.StreetLabel": CURBS,
}
# People whom a row names without an act of theirs, or whose act the database does not ask for, each with the reason.
ABOUT = "It is whom the row is about, not who acts."
A_NOTE = "A note of what was done, with no right in it; the chain has who decided beside it."
NOT_AN_ACT: dict[str, tuple[str, ...]] = {
    ABOUT: (
        "accounts.ApiToken.owner", "accounts.TrainingCertificate.holder", "accounts.FactorAdded.user",
        "accounts.FactorState.user", "accounts.PasswordReset.user", "accounts.Rescue.user", "accounts.PasswordLock.user",
        "cases.Case.captain", "cases.CaseAssignment.user", "leads.ExaminationRequest.examiner", "policy.Decision.actor",
    ),
    A_NOTE: (
        "audit.CheckRequest.requested_by", "audit.ChainCheck.started_by", "audit.Conduct.actor", "audit.AuditEvent.actor",
        "audit.StampRequest.requested_by", "parking.PlateQuery.user",
    ),
    "It is held by a guard of its own (ac_07_as_it_was_done, zz_fr_20_by_decision, pk_14_request_answered).": (
        "cases.TimelineEntry.actor", "accounts.TrainingCertificate.issued_by", "parking.PlanRequest.answered_by",
    ),
}  # fmt: skip
