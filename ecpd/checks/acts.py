"""Which decisions a row may name: on which act, of whom, about what. Data beside the guard that holds it (`decided`).

A condition is SQL on the row as it becomes (`NEW.`); `made` is the decision that the row names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

NOTHING, ITSELF, ANY = "", "itself", "any"


@dataclass(frozen=True)
class Act:
    """An action of the policy door, what it is about, and for which rows it counts.

    `about` is a model's label in small letters, "" for no one thing. `which` says how that thing belongs to the row: a
    column that points to it, `ITSELF` for the new row, `ANY`, or a condition of its own.
    """

    action: str
    about: str
    which: str = NOTHING
    when: str = ""

    @property
    def by_column(self) -> bool:
        """Whether the row points to what the decision is about."""
        return self.which.isidentifier() and self.which not in (ITSELF, ANY)


@dataclass(frozen=True)
class Decided:
    """The decision of one column.

    `by`: the column of the person whose act it is, or SQL in brackets; "" where the row names nobody. `once`: the columns
    with which one decision serves one row, beside itself. `why`: what is not as everywhere, and the reason. `lawful`: SQL
    of rows that may come without a decision, each with its reason; none where a new row always names one.
    """

    acts: tuple[Act, ...]
    by: str
    once: tuple[str, ...] = ()
    lawful: Mapping[str, str] | None = None
    why: str = ""


STAGE = "(SELECT c.stage FROM public.parking_contest c WHERE c.id = NEW.contest_id)"
OF_THE_CITATION = (
    "made.subject_id IN (SELECT c.id::text FROM public.parking_contest c WHERE c.citation_id = NEW.citation_id)"
)
OF_THE_LEAD = (
    "made.subject_id = (SELECT a.lead_id::text FROM public.leads_warrantapplication a WHERE a.id = NEW.application_id)"
)
APPLICATION = "leads.warrantapplication"
RESULTS = {"review": "contest.review", "hearing": "contest.hear", "court": "contest.court"}
CONTEST, CITATION, VEHICLE, TOW = "parking.contest", "parking.citation", "parking.abandonedvehicle", "parking.toworder"
NOT_ASKED = {"true": "Its service always names one; the database does not ask for it yet."}
BY_FILE = "The decision stands in the row of the file that it came with."
BY_NIGHT = "The calendar's: a worker enters what the manual says, and nobody decides."

DECISIONS: dict[str, Decided] = {
    "leads.SearchRequest.decision": Decided(
        (Act("search.request", "leads.searchrequest", ITSELF),), "requested_by_id", lawful=NOT_ASKED
    ),
    "leads.SearchRequest.run_decision": Decided(
        (Act("search.run", "leads.searchrequest", "id"),),
        "requested_by_id",
        lawful={
            "NEW.state <> 'done'": "It has no result yet, or ended without one: a failure or a person who cancels it."
        },
    ),
    "leads.CaseAcceptance.decision": Decided((Act("case.accept", "cases.case", "case_id"),), "captain_id"),
    "leads.SearchReplay.decision": Decided((Act("search.replay", "leads.searchrequest", "search_id"),), "by_id"),
    "leads.LeadSignoff.decision": Decided((Act("lead.sign_off", "leads.lead", "lead_id"),), "supervisor_id"),
    "leads.PurposeException.decision": Decided((Act("lead.allow_purpose", "leads.lead", "lead_id"),), "captain_id"),
    "leads.PacketReading.decision": Decided(
        (Act("warrant.packet", "leads.warrantapplication", "application_id"),), "reader_id"
    ),
    "leads.Identity.decision": Decided((Act("identity.enter", "leads.lead", "lead_id"),), "entered_by_id"),
    "leads.IdentityAnswer.decision": Decided((Act("identity.answer", "leads.identity", "identity_id"),), "by_id"),
    "leads.WarrantStep.decision": Decided(
        (
            *(Act(name, APPLICATION, "application_id", "NEW.kind = 'sealed'") for name in ("warrant.deny", "warrant.approve")),
            Act("warrant.step", APPLICATION, "application_id", "NEW.kind NOT IN ('sealed', 'recalled')"),
            Act("warrant.recall", APPLICATION, "application_id", "NEW.kind = 'recalled'"),
            Act("lead.clear", "leads.lead", OF_THE_LEAD, "NEW.kind = 'recalled'"),
        ),
        "by_id"),
    "parking.IngestGate.decision": Decided((Act("read.ingest", "parking.device", "device_id"),), "actor_id"),
    "parking.Alert.decision": Decided(
        (Act("alert.raise", "parking.alert", ITSELF),),
        "(SELECT d.registered_by_id FROM public.parking_device d WHERE d.id = NEW.device_id)", lawful=NOT_ASKED),
    "parking.ReadKeep.decision": Decided(
        (Act("alert.raise", "parking.alert", "alert_id"),),
        "",
        once=("read",),
        why="One alert keeps every read it rests on; its own decision says whose it is.", lawful=NOT_ASKED),
    "parking.AlertAnswer.decision": Decided(
        (
            Act("alert.confirm", "parking.alert", "alert_id", "NEW.outcome = 'confirmed'"),
            Act("alert.dismiss", "parking.alert", "alert_id", "NEW.outcome = 'dismissed'"),
        ),
        "officer_id"),
    "parking.AbandonedVehicle.decision": Decided((Act("abandoned.mark", VEHICLE, ITSELF),), "reported_by_id", lawful=NOT_ASKED),
    "parking.AbandonedMark.decision": Decided((Act("abandoned.mark", VEHICLE, "vehicle_id"),), "by_id", lawful=NOT_ASKED),
    "parking.AbandonedLook.decision": Decided((Act("abandoned.mark", VEHICLE, "vehicle_id"),), "by_id"),
    "parking.ViolationAmount.decision": Decided(
        (Act("violation.change", "parking.violation", "violation_id"),), "entered_by_id"),
    "parking.Citation.decision": Decided((Act("citation.issue", CITATION, ITSELF),), "issued_by_id"),
    "parking.CitationVoid.decision": Decided(
        (
            Act("citation.void", CITATION, "citation_id", "NEW.ground = 'void'"),
            *(Act(name, CONTEST, OF_THE_CITATION, f"NEW.ground = '{stage}'") for stage, name in RESULTS.items()),
        ),
        "by_id", lawful=NOT_ASKED),
    "parking.Contest.decision": Decided(
        (Act("contest.file", CITATION, "citation_id"),),
        "entered_by_id",
        lawful={"NEW.entered_by_id IS NULL AND NEW.channel = 'online'": "Its owner files it online, without an account."}
        | NOT_ASKED,
    ),
    "parking.ContestResult.decision": Decided(
        tuple(Act(name, CONTEST, "contest_id", f"{STAGE} = '{stage}'") for stage, name in RESULTS.items()),
        "decided_by_id", lawful=NOT_ASKED),
    "parking.ExemptionImport.decision": Decided((Act("exemption.change", NOTHING),), "by_id"),
    "parking.Hotlist.decision": Decided((Act("hotlist.change", "parking.hotlist", ITSELF),), "entered_by_id"),
    "parking.HotlistImport.decision": Decided((Act("hotlist.change", "parking.hotlist", "hotlist_id"),), "by_id"),
    "parking.PaymentImport.decision": Decided((Act("citation.payment", NOTHING),), "by_id", lawful=NOT_ASKED),
    "parking.LedgerEntry.decision": Decided(
        (
            Act("citation.payment", CITATION, "citation_id", "NEW.kind IN ('payment', 'refund')"),
            Act(
                "citation.payment",
                CITATION,
                "made.subject_id = (SELECT m.citation_id::text FROM public.parking_ledgerentry m WHERE m.id = "
                "NEW.moved_from_id)",
                "NEW.kind = 'payment'",
            ),
            Act(
                "citation.issue",
                CITATION,
                "made.id = (SELECT c.decision_id FROM public.parking_citation c WHERE c.id = NEW.citation_id)",
                "NEW.kind = 'penalty'",
            ),
            Act("citation.plan", CITATION, "citation_id", "NEW.kind = 'reduction'"),
            Act(
                "citation.plan",
                CITATION,
                "EXISTS (SELECT 1 FROM public.parking_paymentplan p WHERE p.decision_id = made.id)",
                "NEW.kind IN ('reduction', 'plan_fee')",
            ),
            Act("citation.void", CITATION, "citation_id", "NEW.kind = 'void'"),
            *(Act(name, CONTEST, OF_THE_CITATION, "NEW.kind IN ('void', 'reduction')") for name in RESULTS.values()),
        ),
        "by_id",
        once=("citation", "kind"),
        lawful={"NEW.source_id IS NOT NULL AND NEW.kind = 'payment'": BY_FILE,
                "NEW.kind = 'late_fee' AND NEW.by_id IS NULL": BY_NIGHT} | NOT_ASKED,
        why="A payment that is moved is an entry on each citation; a plan waives fees on each that it covers.",
    ),
    "parking.PaymentPlan.decision": Decided(
        (Act("citation.plan", CITATION, ANY),),
        "granted_by_id",
        why="The citations that it covers come as rows of their own, after it; the first is what was decided about.",
        lawful=NOT_ASKED,
    ),
    "parking.PermitTerms.decision": Decided(
        (Act("permit.set_up", "parking.permitclass", "permit_class_id"),), "entered_by_id"
    ),
    "parking.PermitDecision.decision": Decided(
        (
            Act("permit.decide", "parking.permitapplication", "application_id"),
            Act("permit.enter", "parking.permitapplication", "application_id", "NEW.outcome = 'withdraw'"),
        ),
        "by_id", lawful=NOT_ASKED),
    "parking.PermitWarning.decision": Decided((Act("permit.change", "parking.permit", "permit_id"),), "by_id"),
    "parking.PlateShare.decision": Decided((Act("plate.share", NOTHING),), "decided_by_id"),
    "parking.TowOrder.decision": Decided((Act("tow.order", VEHICLE, "vehicle_id"),), "ordered_by_id", lawful=NOT_ASKED),
    "parking.TowNotice.decision": Decided((Act("tow.notice", TOW, "order_id"),), "by_id", lawful=NOT_ASKED),
    "parking.TowHearing.decision": Decided((Act("tow.notice", TOW, "order_id"),), "entered_by_id"),
    "parking.TowResult.decision": Decided((Act("tow.hear", "parking.towhearing", "hearing_id"),), "held_by_id"),
}  # fmt: skip
# Columns that may keep a refusal instead, and when.
KEEPS_A_REFUSAL = {
    "leads.SearchRequest.run_decision": "NEW.state = 'refused'",
    "parking.IngestGate.decision": "NEW.refusal IS NOT NULL",
}
