"""Attacks on citations: issue, cancelation, money, contests, plans, violations and their amounts."""

from tests.attacks.made import clone
from tests.attacks.written import breaks, says, touch

CITATION = "parking_citation"
ISSUED = "state = 'issued' AND alert_id IS NULL"


def cited(where: str = ISSUED, **changes: str) -> str:
    """Another citation like one that stands, of another vehicle, with these columns changed."""
    right = {"serial": "90001", "alert_id": "NULL", "decision_id": "NULL",
             "plate": "upper(substr(md5(random()::text), 1, 7))"}  # fmt: skip
    return clone(CITATION, where, **(right | changes))


def entry(kind: str, cents: str, **changes: str) -> str:
    """An entry on a citation that is neither contested nor on hold."""
    free = ("(SELECT c.id FROM parking_citation c WHERE c.state = 'issued' AND NOT EXISTS (SELECT 1 FROM parking_contest "
            "k WHERE k.citation_id = c.id) ORDER BY c.id LIMIT 1)")  # fmt: skip
    right = {"citation_id": free, "reference": "''", "reverses_id": "NULL", "moved_from_id": "NULL", "source_id": "NULL",
             "reason": "'Written in words'", "decision_id": "NULL",
             "by_id": "o.by_id" if kind == "penalty" else "{user_parking_manager}"}  # fmt: skip
    return clone("parking_ledgerentry", **(right | {"kind": f"'{kind}'", "amount_cents": cents} | changes))


def void(**changes: str) -> str:
    """A cancelation of a citation that stands, by the manager."""
    right = {"citation_id": f"(SELECT id FROM parking_citation WHERE {ISSUED} ORDER BY id LIMIT 1)", "ground": "'void'",
             "reason": "'The sign was covered.'", "by_id": "{user_parking_manager}", "decision_id": "NULL"}  # fmt: skip
    return clone("parking_citationvoid", **(right | changes))


def result(**changes: str) -> str:
    """A result of the hearing that is open, by the examiner."""
    right = {"contest_id": "(SELECT id FROM parking_contest WHERE state = 'open' ORDER BY id LIMIT 1)",
             "decided_by_id": "{user_hearing_examiner}", "outcome": "'upheld'", "reason": "'Both pictures show it.'",
             "reduced_by_cents": "0", "decision_id": "NULL", "registration_words": "'A white truck'",
             "court_number": "'26LC0001'"}  # fmt: skip
    return clone("parking_contestresult", **(right | changes))


def contested(**changes: str) -> str:
    """Another contest of a citation that nobody has contested."""
    free = ("(SELECT c.id FROM parking_citation c WHERE NOT EXISTS (SELECT 1 FROM parking_contest k WHERE k.citation_id "
            "= c.id) ORDER BY c.id LIMIT 1)")  # fmt: skip
    right = {"citation_id": free, "stage": "'review'", "state": "'open'", "decision_id": "NULL",
             "entered_by_id": "{user_parking_manager}"}  # fmt: skip
    return clone("parking_contest", **(right | changes))


OPEN_REVIEW = "990001"
A_REVIEW = contested(id=OPEN_REVIEW)

# The hearing that waits is taken back and asked for once more, by phone.
HEARD = "stage = 'hearing' AND state = 'open'"
BY_PHONE = (
    clone("parking_contest", HEARD, id="990009", grounds="'mismatch'", manner="'phone'", scheduled_at="NULL",
          filed_at="now()", last_day="(now() + interval '60 days')::date"),
)  # fmt: skip

# What the owner put there: a contest that is decided, of a citation that is canceled; neither has its record.
ON_PAPER = {"contest_id": "990205", "decided_by_id": "{user_parking_manager}", "registration_matches": "NULL"}


def of_nothing(kind: str, cents: str, **changes: str) -> str:
    """An entry on a citation that nothing was charged on."""
    return entry(kind, cents, **({"citation_id": "990202"} | changes))


NOTICE, MAILING = "parking_citationnotice", "parking_noticemailing"


def notice(**changes: str) -> str:
    """A delinquent notice of the citation that nobody contests."""
    right = {
        "citation_id": "990201",
        "kind": "'delinquent'",
        "result_id": "NULL",
        "plan_id": "NULL",
        "issued_at": "now()",
    }
    return clone(NOTICE, **(right | changes))


def copied(**changes: str) -> str:
    """A copy asked for of the citation that nobody contests, with its hold."""
    right = {"citation_id": "990201", "hold_id": "990003", "asked_at": "now()", "due_on": "(now() + interval '9 days')::date",
             "sent_at": "NULL", "sent_by_id": "NULL"}  # fmt: skip
    return clone("parking_citationcopy", **(right | changes))


def held(kind: str, citation: str = "990201", key: str = "990003") -> str:
    """A hold on the citation that nobody contests."""
    return clone("parking_citationhold", id=key, citation_id=citation, kind=f"'{kind}'", released_at="NULL",
                 released_by_id="NULL", released_reason="''", placed_at="now()",
                 placed_by_id="{user_parking_manager}")  # fmt: skip


def another_plan(key: str = "990003", **changes: str) -> str:
    """A plan that runs and covers nothing yet."""
    right = {"id": key, "decision_id": "NULL", "state": "'running'", "ended_at": "NULL", "ended_reason": "''"}
    return clone("parking_paymentplan", **(right | changes))


def planned(key: str = "990003", citation: str = "990201", **changes: str) -> str:
    """The citation is covered by the plan and the hold of this number, with what it owes."""
    owed = f"(SELECT coalesce(sum(e.amount_cents), 0) FROM parking_ledgerentry e WHERE e.citation_id = {citation})"
    right = {"citation_id": citation, "plan_id": key, "hold_id": key, "owed_cents": owed}
    return clone("parking_plancitation", **(right | changes))


def asked_for_a_plan(**changes: str) -> str:
    """A request for the citation that nobody contests, with its hold."""
    right = {"citation_id": "990201", "hold_id": "990003", "state": "'open'", "answered_by_id": "NULL", "answered_at": "NULL",
             "answer": "''"}  # fmt: skip
    return clone("parking_planrequest", **(right | changes))


def decision_on(action: str, citation: str) -> str:
    """The manager decides on a citation, whose id the SQL gives as text."""
    return clone("policy_decision", actor_id="{user_parking_manager}", action=f"'{action}'", outcome="'allowed'",
                 verdicts="'[]'::jsonb", subject_type="'parking.citation'", subject_id=citation)  # fmt: skip


RELEASED = touch("parking_citationhold", "id = 990003", released_at="now()", released_reason="'Enough'",
                 released_by_id="{user_parking_manager}")  # fmt: skip
PLANNED = "(SELECT citation_id FROM parking_plancitation ORDER BY id LIMIT 1)"


def taken_back(contest: str) -> str:
    """The manager notes that an owner takes a contest back, whose id the SQL gives as text."""
    return decision_on("contest.withdraw", contest).replace("parking.citation", "parking.contest")


BY_AN_AUDITOR = taken_back("'990001'").replace("{user_parking_manager}", "{user_auditor}")
BY_A_PAUSE = decision_on("citation.hold", "'990201'")
BY_ITS_OFFICER = BY_AN_AUDITOR.replace(
    "{user_auditor}", "(SELECT c.issued_by_id FROM parking_citation c WHERE c.id = 990201)"
)

# After the hearing's result the owner goes to court.
AT_COURT = (
    result(),
    contested(id="990002", stage="'court'", citation_id="(SELECT k.citation_id FROM parking_contest k JOIN "
              "parking_contestresult r ON r.contest_id = k.id WHERE k.stage = 'hearing' LIMIT 1)"),
)  # fmt: skip
OVERTIME = "(SELECT id FROM parking_alert WHERE state = 'live' AND kind = 'overtime' ORDER BY id LIMIT 1)"


def of_the_alert(column: str) -> str:
    """SQL: what the overtime alert that waits has in this column."""
    return f"(SELECT a.{column} FROM parking_alert a WHERE a.id = {OVERTIME})"


NO_LIMIT = "(SELECT {} FROM parking_violation WHERE NOT lifted_by_permit AND NOT needs_zone ORDER BY id LIMIT 1)"
A_LIMIT = "(SELECT {} FROM parking_violation WHERE code = 'overtime')"
A_PERMIT_ZONE = "(SELECT {} FROM parking_violation WHERE code = 'permit-zone')"
AS_ALERTED = {"violation_at": of_the_alert("last_at"), "zone_id": of_the_alert("zone_id"), "violation_id": A_LIMIT.format("id"),
              "section": A_LIMIT.format("section")}  # fmt: skip
ELSEWHERE = f"(SELECT z.id FROM parking_zone z WHERE z.id <> {of_the_alert('zone_id')} ORDER BY 1 LIMIT 1)"
# An hour earlier or later, on the same day of the city.
SAME_DAY = (
    "o.violation_at + CASE WHEN extract(hour FROM o.violation_at AT TIME ZONE 'America/Los_Angeles') >= 12 "
    "THEN interval '-1 hour' ELSE interval '1 hour' END"
)
# A citation that a manager issued himself.
ONES_OWN = (
    entry("penalty", "(SELECT c.amount_cents FROM parking_citation c WHERE c.id = 990210)", citation_id="990210",
          by_id="{user_parking_manager}"),
)  # fmt: skip

ATTACKS = [
    says(NOTICE, "PK-12: A notice is of its own", "the result of another citation",
         notice(kind="'review'", result_id="990001"), A_REVIEW,
         result(id="990001", contest_id=OPEN_REVIEW, decided_by_id="{user_parking_manager}", registration_matches="NULL")),
    says(MAILING, "PK-12: A notice is mailed", "mailed before it was issued",
         clone(MAILING, notice_id="990002", on="'2026-01-01'"),
         notice(id="990002", kind="'letter'")),
    says(NOTICE, "PK-12: A delinquent notice follows", "late on the day of issue", notice(citation_id="990202")),
    *(says(NOTICE, "PK-12: No delinquent notice", title, notice(citation_id="990204"), before)
      for title, before in {"late, and paused": held("other", "990204"), "late, and contested":
                            contested(citation_id="990204"), "late, and canceled": void(citation_id="990204")}.items()),
    *(says("parking_citationhold", "PK-12: Collection stays paused", title, RELEASED, *before)
      for title, before in {
          "collection goes on before the result": (held("contest"), contested(citation_id="990201")),
          "collection goes on before the answer": (held("plan"), asked_for_a_plan()),
          "collection goes on beside the plan": (held("plan"), another_plan(), planned())}.items()),
    breaks("parking_citationhold", "pk_12_resumed_by_somebody", "resumed by nobody",
           touch("parking_citationhold", "id = 990003", released_at="now()", released_reason="'Enough'"), held("other")),
    says("parking_citationcopy", "PK-13: A copy is sent", "a copy in ten years", copied(due_on="'2036-01-01'"),
         held("copy")),
    says("parking_citationcopy", "PK-13: Collection of this", "a copy while collection goes on", copied(), held("other")),
    says("parking_citationhold", "PK-13: Collection is paused", "collection goes on before the copy",
         RELEASED, held("copy"), copied()),
    says("parking_planrequest", "PK-14: Collection of a citation is paused until", "asked while collection goes on",
         asked_for_a_plan(), held("other")),
    says("parking_plancitation", "PK-14: Collection of a citation is paused while", "a plan while collection goes on",
         planned(), held("other"), another_plan()),
    says("parking_plancitation", "PK-14: A plan runs", "two plans for one citation",
         planned(citation=PLANNED), held("plan", PLANNED), another_plan()),
    says("parking_ledgerentry", "PK-12: A late fee follows", "a late fee without a notice", entry("late_fee", "500",
         citation_id="990202"), entry("penalty", "7500", citation_id="990202")),
    says("parking_ledgerentry", "PK-12: The late fee is", "ninety dollars of late fee",
         entry("late_fee", "9000", citation_id="990201"), entry("penalty", "7500", citation_id="990201")),
    says("parking_ledgerentry", "PK-15: The penalty is", "five dollars for the mayor", of_nothing("penalty", "500")),
    says("parking_ledgerentry", "PK-15: The penalty is", "charged by the manager",
         of_nothing("penalty", "7500", by_id="{user_parking_manager}")),
    *(says("parking_ledgerentry", "PK-15: A parking manager enters", title, of_nothing("payment", "-777", by_id=by))
      for title, by in {"paid, says the auditor": "{user_auditor}", "paid, says nobody": "NULL"}.items()),
    says("parking_ledgerentry", "PK-15: What a cancelation takes", "taken off without a cancelation", entry("void", "-100")),
    *(says("parking_ledgerentry", "PK-15: A reduction is", title, of_nothing("reduction", "-100", **by), *before)
      for title, by, before in (
          ("reduced by an officer", {"by_id": "{user_parking_officer}"}, (of_nothing("penalty", "7500"),)),
          ("reduced when all is paid", {}, (of_nothing("penalty", "7500"), of_nothing("payment", "-7500"))))),
    says("parking_ledgerentry", "PK-14: The fee of a plan is", "a fee without a plan", of_nothing("plan_fee", "500")),
    says("parking_ledgerentry", "PK-15: A file brings", "one more out of an old file",
         of_nothing("payment", "-777", source_id="(SELECT min(id) FROM parking_paymentimport)")),
    says("parking_paymentimport", "PK-15: What a file brought", "a file that brought nothing of it",
         clone("parking_paymentimport", taken="3", cents="14400", decision_id="NULL")),
    says(CITATION, "PK-15: A citation is issued with", "issued without its penalty", cited(), shielded=True),
    says("parking_citationvoid", "PK-15: A cancelation cancels", "canceled on paper, and still issued", void()),
    says("parking_citationvoid", "PK-15: A cancelation takes off", "canceled, and still owed", void(citation_id="990205"),
         entry("penalty", "7500", citation_id="990205")),
    says("parking_contestresult", "PK-12: A result decides", "a result, and still open", result()),
    says("parking_contestresult", "PK-12: A result that cancels", "dismissed, and nothing canceled",
         result(**ON_PAPER, outcome="'dismissed'"), shielded=True),
    says("parking_contestresult", "PK-12: A result that reduces", "reduced, and nothing taken off",
         result(**ON_PAPER, outcome="'reduced'", reduced_by_cents="100"), shielded=True),
    says("parking_plancitation", "PK-14: A plan covers what", "a plan over what is not owed", planned(owed_cents="500"),
         held("plan"), another_plan()),
    says("parking_plancitation", "PK-14: A plan covers no more", "a plan over more than was agreed", planned(),
         entry("penalty", "7500", citation_id="990201"), held("plan"), another_plan(owed_cents="100")),
    says("parking_planrequest", "PK-14: A request is granted", "granted, and nothing changes",
         touch("parking_planrequest", "state = 'open'", state="'granted'", answered_by_id="{user_parking_manager}",
               answered_at="now()", answer="'Granted for hardship.'"),
         decision_on("citation.plan", "(SELECT min(citation_id)::text FROM parking_planrequest WHERE state = 'open')")),
    says("parking_planrequest", "PK-14: A request is answered", "declined by nobody's decision",
         touch("parking_planrequest", "state = 'open'", state="'declined'", answered_by_id="{user_parking_manager}",
               answered_at="now()", answer="'Declined at a desk.'")),
    *(says("parking_paymentplan", sentence, title, touch("parking_paymentplan", "state = 'running'", state=state,
           ended_at="now()", ended_reason="'Enough of it'")) for sentence, title, state in (
        ("PK-14: A plan is ended", "ended by nobody", "'ended'"),
        ("PK-14: A plan is paid off", "paid off, and nothing is paid", "'paid'"))),
    *(says("parking_contest", "PK-12: That an owner takes", title, touch("parking_contest", "id = 990001", state="'withdrawn'"),
           contested(id="990001", citation_id="990201"), taken)
      for title, taken in {"taken back by who issued it": BY_ITS_OFFICER, "taken back by an auditor": BY_AN_AUDITOR,
                            "taken back by a pause": BY_A_PAUSE,
                            "taken back by the decision on another": taken_back("'1'")}.items()),
    says("parking_contest", "PK-12: That an owner takes", "taken back by nobody",
         touch("parking_contest", "state = 'open' AND stage = 'hearing'", state="'withdrawn'")),
    says("parking_contest", "PK-12: A hearing, and nothing else", "heard a second ago",
         touch("parking_contest", "state = 'open' AND stage = 'hearing'", scheduled_at="now() - interval '1 second'")),
    says("parking_contest", "PK-12: A hearing is set", "set before it was asked for",
         contested(scheduled_at="now() + interval '9 days'")),
    says("parking_contest", "PK-12: A hearing, and nothing else", "heard before it was asked for",
         touch("parking_contest", "state = 'open' AND stage = 'hearing'", scheduled_at="filed_at - interval '9 days'")),
    says("parking_contest", "PK-12: A hearing is held within", "heard in three years",
         touch("parking_contest", "state = 'open' AND stage = 'hearing'", scheduled_at="now() + interval '3 years'")),
    says("parking_contest", "PK-12: This contest has its result", "withdrawn after its result",
         touch("parking_contest", "id = 990001", state="'withdrawn'"), A_REVIEW,
         result(contest_id=OPEN_REVIEW, decided_by_id="{user_parking_manager}", registration_matches="NULL")),
    says("parking_contest", "PK-12: An owner has all the days", "a day to contest", contested(last_day="'2026-01-01'")),
    says("parking_contest", "PK-12: It was filed too late", "too late without a word",
         contested(citation_id="990201", last_day="(now() - interval '2 days')::date", late_reason="' '")),
    says(CITATION, "PK-15: A citation begins", "canceled at birth", cited(state="'canceled'"), shielded=True),
    says(CITATION, "PK-07: A parking officer", "issued by an investigator", cited(issued_by_id="{user_investigator}")),
    says(CITATION, "PK-01: A citation from an alert", "a plate nobody confirmed",
         cited(alert_id=OVERTIME, **AS_ALERTED)),
    *(says(CITATION, sentence, title, cited(alert_id=OVERTIME, **(AS_ALERTED | changes)), shielded=True)
      for sentence, title, changes in (
        ("PK-01: The reads of this alert show the vehicle there", "two days before its alert",
         {"violation_at": f"{of_the_alert('last_at')} - interval '2 days'"}),
        ("PK-01: The reads of this alert show the vehicle there", "before it came",
         {"violation_at": f"{of_the_alert('first_at')} - interval '2 minutes'"}),
        ("PK-01: The reads of this alert show the vehicle in", "in another zone than its alert", {"zone_id": ELSEWHERE}),
        *(("PK-01: An alert is cited as", title, {"violation_id": which.format("id"), "section": which.format("section")})
          for title, which in (("overtime as a hydrant", NO_LIMIT), ("overtime as a permit zone", A_PERMIT_ZONE))),
    )),
    *(says(CITATION, "PK-07: This vehicle is cited", title, cited(plate="o.plate", **changes), shielded=True)
      for title, changes in {
          "twice in one minute": {}, "twice in one minute, elsewhere": {"place": "'Elsewhere 9'", "zone_id": "NULL"},
          "twice on one day in one zone": {"violation_at": SAME_DAY},
          "twice, once of no state": {"plate_state": "'OTHER'", "violation_at": SAME_DAY},
          "twice, as another spelling of the section": {"section": "'Mun. ' || regexp_replace(o.section, '^[^0-9]*', '')"},
      }.items()),
    says("parking_ledgerentry", "PK-15: Who issued a citation takes", "reduced by who issued it",
         entry("reduction", "-100", citation_id="990210"), *ONES_OWN),
    says("parking_citationhold", "PK-15: Who issued a citation does not put", "put off by who issued it",
         clone("parking_citationhold", citation_id="990210", kind="'other'", placed_by_id="{user_parking_manager}",
               released_at="NULL", released_by_id="NULL", released_reason="''", placed_at="now()"), *ONES_OWN),
    says("parking_plancitation", "PK-15: Who issued a citation grants", "a plan by who issued it", planned(citation="990210"),
         *ONES_OWN, held("plan", "990210"), another_plan(granted_by_id="{user_parking_manager}")),
    says("parking_planrequest", "PK-15: Who issued a citation answers", "declined by who issued it",
         touch("parking_planrequest", "state = 'open'", state="'declined'", answered_at="now()", answer="'Declined here.'",
               answered_by_id="(SELECT c.issued_by_id FROM parking_citation c WHERE c.id = citation_id)"), shielded=True),
    *(says("parking_contest", "PK-15: Who issued a citation waives", title,
           contested(citation_id="990210", entered_by_id="{user_parking_manager}", **changes), *ONES_OWN)
      for title, changes in {
          "its deposit waived by who issued it": {"deposit_waived": "true", "waiver_reason": "'Unable to pay it'"},
          "taken though late by who issued it": {"late_reason": "'The mail was late that week'"}}.items()),
    says(CITATION, "PK-07: This violation", "overtime outside every zone",
         cited(zone_id="NULL", violation_id="(SELECT id FROM parking_violation WHERE needs_zone ORDER BY id LIMIT 1)")),
    says(CITATION, "PK-07: A citation is of a violation", "another section", cited(section="'Vehicle Code 1'")),
    says(CITATION, "PK-07: A citation is of a violation", "a violation that was withdrawn", cited(),
         "UPDATE parking_violation SET withdrawn_at = now(), withdrawn_reason = 'Repealed by the council' WHERE id = (SELECT "
         f"violation_id FROM parking_citation WHERE {ISSUED} ORDER BY id LIMIT 1)"),
    says(CITATION, "PK-03: A permit or an exemption", "though an exemption covers it",
         cited(plate="'7XYZ987'", zone_id="(SELECT id FROM parking_zone ORDER BY 1 LIMIT 1)",
               violation_id="(SELECT id FROM parking_violation WHERE lifted_by_permit ORDER BY id LIMIT 1)")),
    says(CITATION, "PK-03: A permit or an exemption", "though one was ended, as it says, four minutes ago",
         cited(plate="'7XYZ987'", zone_id="(SELECT id FROM parking_zone ORDER BY 1 LIMIT 1)",
               violation_at="now() - interval '2 minutes'",
               violation_id="(SELECT id FROM parking_violation WHERE lifted_by_permit ORDER BY id LIMIT 1)"),
         touch("parking_exemption", "plate = '7XYZ987'", ended_at="now() - interval '4 minutes'",
               ended_by_id="{user_parking_manager}", ended_reason="'Not a car of the city'")),
    says(CITATION, "PK-03: A permit or an exemption", "as of a state that nobody knows",
         cited(plate="'7XYZ987'", plate_state="'OTHER'", zone_id="(SELECT id FROM parking_zone ORDER BY 1 LIMIT 1)",
               violation_id="(SELECT id FROM parking_violation WHERE lifted_by_permit ORDER BY id LIMIT 1)")),
    says(CITATION, "PK-03: A permit or an exemption", "as another violation of the section",
         cited(plate="'7XYZ987'", zone_id="(SELECT id FROM parking_zone ORDER BY 1 LIMIT 1)", violation_id="990001"),
         clone("parking_violation", "lifted_by_permit", id="990001", section="upper(o.section) || '.'",
               lifted_by_permit="false")),
    *(breaks(CITATION, "pk_03_citation_in_one_spelling", title, cited(**spelt)) for title, spelt in {
        "a blank in the plate": {"plate": "'7XYZ 987'"}, "in small letters": {"plate": "'7xyz987'"},
        "another spelling of the state": {"plate_state": "'CA'"}}.items()),
    says(CITATION, "PK-07: A citation is issued in the days", "three years later",
         cited(violation_at="now() - interval '3 years'")),
    says(CITATION, "PK-03: A citation is issued", "a permit covers it", cited(permit_answer="'{\"allowed\": true}'")),
    says(CITATION, "PK-03: A citation is issued", "a permit may cover it",
         cited(permit_answer="o.permit_answer || '{\"outcome\": \"unmet\"}'")),
    says(CITATION, "PK-16: The amount", "an amount of one's own", cited(amount_cents="99999")),
    says(CITATION, "PK-07: A citation is due", "due tomorrow", cited(due_on="(now() + interval '1 day')::date")),
    breaks("parking_contest", "pk_12_set_for_a_place", "a hearing nowhere",
           touch("parking_contest", "state = 'open'", scheduled_at="now() + interval '1 day'", held_at="'-'")),
    breaks("parking_contestresult", "pk_13_compared_in_words", "compared without a word",
           result(registration_matches="true", registration_words="'-'")),
    says("parking_contestresult", "PK-12: A court", "a court's decision without its number", result(
        contest_id="990002", decided_by_id="{user_parking_manager}", court_number="'-'"), *AT_COURT, shielded=True),
    says("parking_contestresult", "PK-12: A parking manager or", "a court decides, says an officer",
         result(contest_id="990002", decided_by_id="{user_auditor}"), *AT_COURT),
    says(CITATION, "PK-15: An issued citation", "another plate afterwards", touch(CITATION, plate="'6XXX666'")),
    says(CITATION, "PK-15: A citation is canceled", "canceled by nobody", touch(CITATION, ISSUED, state="'canceled'")),
    breaks(CITATION, "pk_07_carries_its_fields", "without a place", cited(place="''")),
    breaks(CITATION, "pk_07_expiry_and_vin_looked_for", "nobody looked for the VIN",
           cited(vin_last4="''", vin_not_readable="false")),
    breaks(CITATION, "pk_01_read_off_the_vehicle", "not read at the vehicle", cited(read_at_vehicle="false")),
    breaks(CITATION, "pk_07_not_before_it_happened", "issued before it happened",
           cited(violation_at="o.issued_at + interval '1 day'")),
    says("parking_citationdelivery", "PK-07: A person attaches", "attached by an auditor",
         clone("parking_citationdelivery", by_id="{user_auditor}"), shielded=True),
    says("parking_citationvoid", "PK-15: Who issued", "canceled by who wrote it",
         void(by_id=f"(SELECT issued_by_id FROM parking_citation WHERE {ISSUED} ORDER BY id LIMIT 1)")),
    says("parking_citationvoid", "PK-15: A citation is canceled with", "a favor in one word", void(reason="'favor'")),
    says("parking_citationvoid", "PK-15: A parking manager", "voided by an investigator",
         void(by_id="{user_investigator}")),
    says("parking_citationvoid", "PK-15: A citation is dismissed", "a review nobody decided", void(ground="'review'")),
    breaks("parking_citationhold", "ac_07_collection_hold_reasons", "held for no reason",
           clone("parking_citationhold", reason="''", released_at="NULL", released_by_id="NULL")),
    says("parking_ledgerentry", "PK-12: No late fee", "a late fee while it is contested",
         entry("late_fee", "500",
               citation_id="(SELECT citation_id FROM parking_contest WHERE state = 'open' ORDER BY id LIMIT 1)")),
    says("parking_ledgerentry", "PK-15: No more is refunded", "more money back than was paid",
         entry("refund", "99999900")),
    says("parking_ledgerentry", "PK-15: No more is taken off", "more taken off than was charged",
         entry("reduction", "-99999900")),
    says("parking_ledgerentry", "PK-15: A payment is taken back", "a payment that takes money back",
         entry("payment", "777"), shielded=True),
    says("parking_ledgerentry", "PK-15: A payment is moved", "money from nowhere",
         entry("payment", "-777", moved_from_id="(SELECT max(id) FROM parking_ledgerentry)"), shielded=True),
    breaks("parking_ledgerentry", "pk_15_entry_signs", "a penalty that pays", entry("penalty", "-500")),
    breaks("parking_ledgerentry", "pk_15_entry_says_why", "a refund for no reason", entry("refund", "1", reason="''")),
    says("parking_contest", "PK-12: A contest begins", "decided at birth", contested(state="'decided'"), shielded=True),
    says("parking_contest", "PK-12: A hearing follows", "a hearing before the review", contested(stage="'hearing'")),
    says("parking_contest", "PK-12: Before a hearing", "a hearing without its deposit",
         contested(stage="'hearing'", deposit_waived="false", citation_id=f"(SELECT id FROM parking_citation WHERE {ISSUED} "
                   "ORDER BY id LIMIT 1)"),
         contested(id=OPEN_REVIEW, citation_id=f"(SELECT id FROM parking_citation WHERE {ISSUED} ORDER BY id LIMIT 1)"),
         result(contest_id=OPEN_REVIEW, decided_by_id="{user_parking_manager}", registration_matches="NULL")),
    says("parking_contest", "PK-12: A contest ends", "decided by nobody",
         touch("parking_contest", "state = 'open'", state="'decided'")),
    breaks("parking_contest", "pk_12_waiver_says_why", "waived for no reason",
           contested(deposit_waived="true", waiver_reason="''")),
    says("parking_contestresult", "PK-12: This contest", "decided twice",
         result(contest_id="(SELECT id FROM parking_contest WHERE state <> 'open' ORDER BY id LIMIT 1)"), shielded=True),
    says("parking_contestresult", "PK-12: Who issued", "decided by who wrote it",
         result(contest_id=OPEN_REVIEW, decided_by_id="(SELECT issued_by_id FROM parking_citation c JOIN parking_contest k "
                "ON k.citation_id = c.id ORDER BY k.id DESC LIMIT 1)"), A_REVIEW),
    says("parking_contestresult", "PK-12: A parking manager decides an initial", "a review by the examiner",
         result(contest_id=OPEN_REVIEW), A_REVIEW),
    says("parking_contestresult", "PK-12: An examiner", "a hearing held by the manager",
         result(decided_by_id="{user_parking_manager}", contest_id="(SELECT id FROM parking_contest WHERE state = 'open' "
                "AND stage = 'hearing' ORDER BY id LIMIT 1)"), shielded=True),
    *(says("parking_contestresult", "PK-12: A hearing is decided once", title,
           result(contest_id="990009"), *BY_PHONE, *day)
      for title, day in {"a hearing that nobody set": (), "a hearing in ten days": (
          touch("parking_contest", "id = 990009", scheduled_at="now() + interval '10 days'", held_at="'By phone'"),)}.items()),
    says("parking_contestresult", "PK-13: A vehicle", "another car, and upheld",
         result(contest_id=OPEN_REVIEW, decided_by_id="{user_parking_manager}", registration_matches="false"),
         contested(id=OPEN_REVIEW, grounds="'mismatch'")),
    breaks("parking_contestresult", "pk_12_result_has_a_reason", "decided for no reason", result(reason="' '")),
    breaks("parking_contestresult", "pk_12_reduced_by_an_amount", "reduced by nothing",
           result(outcome="'reduced'", reduced_by_cents="0")),
    breaks("parking_paymentplan", "pk_14_parts_cover_what_is_owed", "parts that do not cover it",
           touch("parking_paymentplan", monthly_cents="1", months="1")),
    says("parking_paymentplan", "PK-14: The fee", "a fee of nine hundred dollars",
         clone("parking_paymentplan", fee_cents="90000", decision_id="NULL")),
    says("parking_paymentplan", "PK-14: The parts", "five thousand a month from who is unable to pay",
         clone("parking_paymentplan", unable_to_pay="true", monthly_cents="500000", fee_cents="0", decision_id="NULL",
               owed_cents="40000")),
    says("parking_paymentplan", "PK-14: The parts", "ninety-nine months for who is unable to pay",
         clone("parking_paymentplan", unable_to_pay="true", months="99", fee_cents="0", decision_id="NULL",
               owed_cents="40000", monthly_cents="2500")),
    breaks("parking_paymentplan", "pk_14_plan_ended_reason", "ended for no reason",
           touch("parking_paymentplan", state="'ended'", ended_at="now()", ended_reason="''")),
    breaks("parking_planrequest", "pk_14_answered_with_reason", "declined for no reason",
           touch("parking_planrequest", state="'declined'", answer="''")),
    says("parking_violationamount", "PK-16: State law", "a disabled space for a dollar",
         clone("parking_violationamount", amount_cents="100", effective_on="'2031-01-01'",
               violation_id="(SELECT id FROM parking_violation WHERE disabled_space ORDER BY id LIMIT 1)")),
    says("parking_violationamount", "PK-16: An amount does not", "dearer since yesterday",
         clone("parking_violationamount", effective_on="(now() - interval '2 days')::date", resolved_on="'2026-01-06'")),
    breaks("parking_violationamount", "pk_16_amount_on_a_resolution", "without a resolution",
           clone("parking_violationamount", resolution="''", effective_on="'2031-01-02'")),
    breaks("parking_violation", "ac_07_violation_withdrawn", "withdrawn for no reason",
           touch("parking_violation", withdrawn_at="now()", withdrawn_reason="''")),
]  # fmt: skip
