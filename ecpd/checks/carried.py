"""Which acts stand behind a row that names nobody, and behind a change that is a step of one: whose entry it makes.

What a row names for itself stands in `acts` and `deeds`; here is the rest. The database does not ask that there is such a
decision (a worker ends a search, a night charges a fee); but no other is named in the row's entry. By model: a row that
comes or goes; by "model.*": whatever changes in it; by column: a change of that.
"""

from ecpd.checks.acts import ANY, CITATION, CONTEST, ITSELF, NOTHING, RESULTS, VEHICLE, Act
from ecpd.checks.deeds import (
    ACCOUNT,
    APPLICATION,
    CANDIDATE,
    CASE,
    CURBS,
    LEAD,
    MANAGES,
    PERMIT,
    ZONE,
)

OF_ACCOUNTS = (MANAGES, Act("account.manage", ACCOUNT, NOTHING))
ITS_ACCOUNT = (Act("account.manage", ACCOUNT, ITSELF),)
SEARCH, SOURCE, DEVICE = "leads.searchrequest", "leads.gallerysource", "parking.device"
RUNS = (Act("search.run", SEARCH, ANY),)
IMPORTS = (Act("gallery.import", SOURCE, ANY),)
OPTS_OUT = (Act("gallery.opt_out", "leads.optout", ANY),)
TAKES_BACK = (Act("gallery.add_source", SOURCE, ANY),)
DRAWS = (*CURBS, Act("zone.change", ZONE, ANY))
# What an application or a mark rests on falls: an exhibit, a link, what was to be verified, or what it turns out to be.
AWAY = (
    Act("evidence.withdraw", "cases.evidence", ANY),
    Act("corroboration.withdraw", LEAD, ANY),
    Act("corroboration.verify", "leads.corroboration", ANY),
    Act("evidence.add", CASE, ANY),
    Act("lineup.open", LEAD, ANY),
)
DECIDES = (Act("warrant.approve", APPLICATION, ANY), Act("warrant.deny", APPLICATION, ANY))
CONTESTS = tuple(Act(name, CONTEST, ANY) for name in RESULTS.values())
PLANS = (Act("citation.plan", CITATION, ANY),)
PERMITS = (
    Act("permit.enter", NOTHING),
    Act("permit.enter", "parking.permitapplication", ANY),
    Act("permit.decide", "parking.permitapplication", ANY),
)
CHANGES_PERMIT = (Act("permit.change", PERMIT, ANY),)
FILES = (
    Act("evidence.add", CASE, ANY), *IMPORTS, *DECIDES, Act("warrant.step", APPLICATION, ANY),
)  # fmt: skip

CARRIED: dict[str, tuple[Act, ...]] = {
    "accounts.AccountRole": OF_ACCOUNTS,
    "accounts.ApiToken": (Act("token.make", "accounts.apitoken", ITSELF),),
    "accounts.ApiToken.revoked_at": (Act("account.manage", ACCOUNT, "owner_id"),),
    "accounts.Factor": (*OF_ACCOUNTS, Act("factor.remove", ACCOUNT, "user_id")),
    "accounts.FactorAdded": OF_ACCOUNTS,
    "accounts.FactorState": OF_ACCOUNTS,
    "accounts.FactorState.*": OF_ACCOUNTS,
    "accounts.PasswordReset.*": OF_ACCOUNTS,
    "accounts.Rescue": OF_ACCOUNTS,
    "accounts.TrainingCertificate": (Act("certificate.issue", ACCOUNT, "holder_id"),),
    "accounts.User": ITS_ACCOUNT,
    "accounts.User.*": ITS_ACCOUNT,
    "accounts.User.password": (Act("password.set", ACCOUNT, "id"),),
    "audit.CheckRequest": (Act("audit.verify", NOTHING),),
    "audit.StampRequest": (Act("audit.verify", NOTHING),),
    "cases.CaseAccess": (
        Act("case.create", CASE, NOTHING), Act("case.assign", CASE, "object_pk"), Act("case.manage", CASE, "object_pk"),
        Act("case.seal", CASE, "object_pk"),
    ),
    "cases.Case.closed_at": (Act("case.close", CASE, "id"),),
    "cases.Evidence.phash": (),
    "cases.Evidence.location": (Act("evidence.hand_over", CASE, "case_id"),),
    "cases.Person.merged_into": (Act("person.merge.decide", "cases.personmerge", ANY),),
    "cases.StoredFile": FILES,
    "leads.Candidate": RUNS,
    "leads.ExaminationRequest.state": (Act("review.conclude", CANDIDATE, "candidate_id", "NEW.state = 'done'"),),
    # What is on record of the face, entered by the software with the act that brings it up.
    "leads.ExculpatoryEntry": tuple(
        Act(action, about, which, "NEW.entered_by_id IS NULL")
        for action, about, which in (
            ("lead.promote", CANDIDATE, ANY), ("warrant.apply", LEAD, ANY), ("lead.clear", LEAD, ANY),
            ("warrant.deny", APPLICATION, ANY), ("corroboration.verify", "leads.corroboration", ANY),
            ("case.tie", CASE, ANY), ("case.create", CASE, NOTHING),
            ("warrant.packet", APPLICATION, ANY), ("warrant.step", APPLICATION, ANY),
            ("corroboration.withdraw", LEAD, ANY),
        )
    ),
    "leads.FaceVector": IMPORTS,
    "leads.FaceVector.*": (*OPTS_OUT, *TAKES_BACK),
    "leads.GalleryFace": IMPORTS,
    "leads.GalleryPhoto": IMPORTS,
    "leads.GalleryPhoto.active": (*OPTS_OUT, *TAKES_BACK),
    "leads.GallerySubject": IMPORTS,
    "leads.ImportBatch.*": (Act("gallery.import", SOURCE, "source_id"),),
    "leads.ImportReject": IMPORTS,
    "leads.Lead.state": (
        Act("warrant.apply", LEAD, "id", "NEW.state = 'applied'"),
        Act("warrant.withdraw", APPLICATION, ANY, "NEW.state = 'marked' AND OLD.state = 'applied'"),
        Act("warrant.approve", APPLICATION, ANY, "NEW.state = 'approved'"),
        Act("warrant.deny", APPLICATION, ANY, "NEW.state = 'denied'"),
        Act("identity.answer", "leads.identity", ANY, "NEW.state = 'marked' AND OLD.state = 'applied'"),
        Act("warrant.recall", APPLICATION, ANY, "NEW.state = 'open' AND OLD.state = 'approved'"),
        *(Act(one.action, one.about, ANY, "NEW.state IN ('open', 'marked')") for one in AWAY),
    ),
    "leads.ProbeFaces": (),
    "leads.ProbeFaces.*": (),
    "leads.SearchRequest.state": (
        Act("search.cancel", SEARCH, "id"), Act("search.run", SEARCH, "id"),
    ),
    "leads.SearchRequest.*": (Act("search.run", SEARCH, "id"),),
    "leads.WarrantApplication.state": (
        Act("warrant.approve", APPLICATION, "id", "NEW.state = 'approved'"),
        Act("warrant.deny", APPLICATION, "id", "NEW.state = 'denied'"),
        Act("warrant.recall", APPLICATION, "id", "NEW.state = 'recalled'"),
        *(Act(one.action, one.about, ANY, "NEW.state = 'returned'") for one in AWAY),
        Act("identity.answer", "leads.identity", ANY, "NEW.state = 'returned'"),
        Act("lead.clear", LEAD, "lead_id", "NEW.state IN ('returned', 'recalled')"),
    ),
    "parking.AbandonedVehicle.state": (
        Act("abandoned.mark", VEHICLE, "id", "NEW.state <> 'ordered' AND NEW.state <> 'closed'"),
        Act("tow.order", VEHICLE, "id", "NEW.state = 'ordered'"),
    ),
    "parking.AccessReport": (),
    "parking.Alert.state": (
        Act("alert.confirm", "parking.alert", "id", "NEW.state = 'confirmed'"),
        Act("alert.dismiss", "parking.alert", "id", "NEW.state = 'dismissed'"),
    ),
    "parking.Citation.state": (Act("citation.void", CITATION, "id"), *CONTESTS),
    "parking.Contest.state": (Act("citation.hold", CITATION, "citation_id"), *CONTESTS),
    "parking.Contest.scheduled_at": (Act("contest.schedule", CONTEST, "id"),),
    "parking.Contest.held_at": (Act("contest.schedule", CONTEST, "id"),),
    "parking.ContestDocument": (Act("contest.file", CITATION, ANY),),
    "parking.CurbArea": DRAWS,
    "parking.CurbArea.*": DRAWS,
    "parking.CurbSpace": DRAWS,
    "parking.CurbSpace.*": DRAWS,
    "parking.Device.*": (Act("device.manage", DEVICE, "id"),),
    "parking.DeviceToken.valid_until": (Act("device.manage", DEVICE, "device_id"),),
    # Its holder ends a code, and a plate, online and without an account; the database only lets an end come earlier.
    "parking.GuestCode.revoked_at": (Act("permit.change", PERMIT, "permit_id"),),
    "parking.HotlistHit": (),
    "parking.HotlistHit.*": (
        Act("plate.purge", NOTHING), Act("alert.raise", "parking.alert", NOTHING), Act("alert.raise", "parking.alert", ANY),
    ),
    "parking.LedgerEntry": (*CONTESTS, Act("citation.payment", NOTHING, NOTHING, "NEW.source_id IS NOT NULL")),
    "parking.PartnerAgency.withdrawn_at": (Act("plate.partner", "parking.partneragency", "id"),),
    "parking.PaymentPlan.*": (*PLANS, Act("citation.payment", CITATION, ANY), Act("citation.payment", NOTHING)),
    "parking.Permit.replaced_by": (Act("permit.change", PERMIT, "id"),),
    "parking.PermitApplication.state": PERMITS,
    "parking.PermitClass.*": (Act("permit.set_up", "parking.permitclass", "id"),),
    "parking.PermitDocument": PERMITS,
    "parking.PermitPlate": PERMITS,
    "parking.PermitPlate.ends": CHANGES_PERMIT,
    "parking.PermitReminder": (),
    "parking.PermitReminder.*": (),
    "parking.PlanCitation": PLANS,
    "parking.PlanRequest.*": PLANS,
    "parking.PlatePolicy.*": (Act("plate_policy.draft", "parking.platepolicy", "id"),),
    "parking.PlatePolicy.withdrawn_at": (Act("plate_policy.withdraw", "parking.platepolicy", "id"),),
    "parking.PlatePurge": (Act("plate.purge", NOTHING),),
    "parking.PlateQuery": (
        Act("plate.query", NOTHING), Act("plate.export", NOTHING), Act("plate.share", NOTHING),
    ),
    "parking.StreetLabel": DRAWS,
    "parking.StreetLabel.*": DRAWS,
    "parking.TermsArea": (Act("permit.set_up", "parking.permitclass", ANY),),
    "parking.Violation.*": (Act("violation.change", "parking.violation", "id"),),
    "parking.Zone.*": DRAWS,
    "parking.ZoneArea": DRAWS,
    "parking.ZonePolicy.*": DRAWS,
    "policy.Amendment": (Act("amendment.propose", "policy.amendment", ITSELF, "NEW.proposed_by_id IS NOT NULL"),),
    "policy.Amendment.*": (
        Act("amendment.decide", "policy.amendment", "id", "NEW.state <> 'withdrawn'"),
        Act("amendment.propose", "policy.amendment", "id", "NEW.state = 'withdrawn'"),
    ),
    "policy.ManualVersion": (Act("amendment.decide", "policy.amendment", ANY),),
}  # fmt: skip
# Whom a new row names for what is carried.
CARRIED_BY = {
    "accounts.ApiToken": "owner_id",
    "accounts.TrainingCertificate": "issued_by_id",
    "policy.Amendment": "proposed_by_id",
}
# The ledger whose row is written with the change: where several decisions fit, the one that it is by is meant.
KEPT_BY = {
    "leads.WarrantApplication.state": "leads_warrantdecision",
    "leads.Lead.state": "leads_warrantdecision",
    "leads.ExaminationRequest.state": "leads_examination",
    "parking.Alert.state": "parking_alertanswer",
    "parking.Citation.state": "parking_citationvoid",
    "parking.Contest.state": "parking_contestresult",
    "parking.PermitApplication.state": "parking_permitdecision",
    "parking.AbandonedVehicle.state": "parking_abandonedmark",
}
