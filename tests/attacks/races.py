"""Races as data: an act that a guard lets through by what it counts, against whoever writes what it counts.

`act` and `write` are begun in both orders, each in a session of its own, the first not committed when the second begins.
The one that comes second is refused by the sentence named for it; `after` says why it may stand where it is not refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.attacks.made import clone
from tests.attacks.table_accounts import ANOTHER, ANOTHER_KEY, DISABLED, TAKEN, TAKES, given, managed, token
from tests.attacks.table_after import APPROVED as APPROVED_IT
from tests.attacks.table_after import step
from tests.attacks.table_base import MERGE, MERGED, TOLD_APART, merged
from tests.attacks.table_leads import (
    AN_ALIBI,
    APPLIED_FOR,
    BACK_TO_ITS_MARK,
    DENIED_BY_ANOTHER,
    PROBE_BACK,
    WARRANT_APPROVED,
    WARRANT_DENIED,
    WITHDRAWN,
    a_lineup,
    application,
    lead,
    opened,
    signed_off,
)
from tests.attacks.table_parking_citations import (
    another_plan,
    cited,
    contested,
    copied,
    entry,
    held,
    notice,
    planned,
    result,
    taken_back,
)
from tests.attacks.table_parking_permits import APPROVED, CODE_ENDED, approved, guest, guest_code, permit, plate, swap
from tests.attacks.table_parking_tows import OPEN_ORDER, mark, matter, order
from tests.attacks.table_policy import answer_to_it, approve, stricter
from tests.attacks.table_searches import (
    ASKED,
    CLOSED,
    FOUND,
    HIS_REFUSED,
    IN_HIS_CASE,
    KEPT,
    LET_IN,
    NO_PROBE,
    OPTED_OUT,
    PUT_ON,
    QUEUED,
    REFUSED_HIM,
    SOURCE_GONE,
    UNASSIGNED,
    UNTIED,
    answers,
    examined,
    of_his,
    search,
)
from tests.attacks.table_searches import ended as ended_search
from tests.attacks.written import carried_out, touch

READY = "(SELECT id FROM leads_lead WHERE number = '{ready}')"
MARK = "UPDATE leads_lead SET state = 'marked', marked_by_id = {user_investigator}, marked_at = now() WHERE number = '{ready}'"
BACK = WITHDRAWN + f"WHERE withdrawn_at IS NULL AND lead_id = {READY}"
EXHIBIT_BACK = (
    "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id "
    f"WHERE id IN (SELECT evidence_id FROM leads_corroboration WHERE lead_id = {READY})"
)
FREE = (
    "(SELECT c.id FROM parking_citation c WHERE c.state = 'issued' AND NOT EXISTS (SELECT 1 FROM parking_contest k WHERE "
    "k.citation_id = c.id) ORDER BY c.id LIMIT 1)"
)
OWED = "990201"  # a citation that nobody contests, holds or has paid
A_PENALTY = (entry("penalty", "7500", citation_id=OWED),)
NO_PLATE = "UPDATE parking_permitplate SET ends = greatest(begins, now()) WHERE ends > now()"
VEHICLE, MARKED, ORDERED = "parking_abandonedvehicle", "'marked'", "'ordered'"
ANEW, READY_TO_TOW = "id = 990001", "state = 'ready'"
DECIDED = "; ".join((result(), touch("parking_contest", "id = (SELECT min(id) FROM parking_contest WHERE state = 'open')",
                                     state="'decided'")))  # fmt: skip
TAKEN_BACK = "; ".join((
    taken_back("(SELECT id::text FROM parking_contest WHERE state = 'open' ORDER BY id LIMIT 1)"),
    touch("parking_contest", "state = 'open'", state="'withdrawn'")))  # fmt: skip
LATER = "It is what came in afterwards; the act was lawful when it was done."


SECOND = (managed("{nobody}"), given("{nobody}", "administrator"))  # another administrator
WAITING = "(SELECT id FROM parking_permitapplication WHERE state = 'waiting' ORDER BY id LIMIT 1)"


def issued(key: str, serial: str) -> str:
    """A citation of one vehicle at one place, with its decision and its penalty."""
    officer, due = "{user_parking_officer}", f"(SELECT c.amount_cents FROM parking_citation c WHERE c.id = {key})"
    decision = clone("policy_decision", actor_id=officer, action="'citation.issue'", outcome="'allowed'",
                     verdicts="'[]'::jsonb", subject_type="'parking.citation'", subject_id="''")  # fmt: skip
    row = cited(id=key, serial=serial, plate="'7RACE12'", issued_by_id=officer,
                decision_id="(SELECT max(d.id) FROM policy_decision d)")  # fmt: skip
    return "; ".join((decision, row, entry("penalty", due, citation_id=key, by_id=officer)))


def decided(outcome: str) -> str:
    """The manager's answer to the application that waits."""
    return clone("parking_permitdecision", application_id=WAITING, outcome=f"'{outcome}'", decision_id="NULL",
                 by_id="{user_parking_manager}")  # fmt: skip


def answered(state: str) -> str:
    """What the application says then."""
    return touch("parking_permitapplication", f"id = {WAITING}", state=f"'{state}'")


@dataclass(frozen=True)
class Race:
    """`lost`: what the act is told when the write came first; `refused`: what the write is told when the act did."""

    title: str
    act: str
    write: str
    lost: str  # "" where the write cannot come first: by itself it is refused already
    refused: str = ""
    after: str = ""
    before: Sequence[str] = ()


RACES = [
    Race("a mark, and its link withdrawn", MARK, BACK, "FR-10: Not enough", "FR-10: A lead does not stay marked"),
    Race("a mark, and its exhibit withdrawn", MARK, EXHIBIT_BACK, "FR-10: Not enough", "FR-10: A lead does not stay marked"),
    Race("an approved application sent, and an alibi", "; ".join(reversed(step("sent"))), AN_ALIBI,
         "FR-27: Something that speaks", after="It is told at once; nothing more goes ahead without a supplement.",
         before=APPROVED_IT),
    Race("an item verified, and withdrawn",
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{colleague}"),
         WITHDRAWN + "WHERE id = {own}", "FR-10: Who linked", after=LATER),
    Race("an application, and its link withdrawn", f"{application()}; {APPLIED_FOR}",
         WITHDRAWN + "WHERE withdrawn_at IS NULL AND lead_id = (SELECT id FROM leads_lead WHERE number = '{marked}')",
         "", "FR-10: A lead does not stay marked"),
    Race("an approval, and an alibi", WARRANT_APPROVED, AN_ALIBI, "FR-13: Something came in", after=LATER, before=opened()),
    Race("a captain decides in two tabs", WARRANT_APPROVED, WARRANT_DENIED, "FR-13: This application", "FR-13: This application",
         before=opened()),
    Race("two captains decide", WARRANT_APPROVED, DENIED_BY_ANOTHER, "FR-13: This application", "FR-13: This application",
         before=(*opened(), *opened("{user_captain}", "990011"))),
    Race("two applications for one lead", *(f"{application(id=key)}; {APPLIED_FOR}" for key in ("990001", "990002")),
         "FR-10: Only a lead that is marked", "FR-10: Only a lead that is marked"),
    Race("a decision, and its application withdrawn", WARRANT_APPROVED,
         touch("leads_warrantapplication", "id = {application_id}", state="'withdrawn'", decided_at="now()")
         + "; " + BACK_TO_ITS_MARK,
         "FR-13: This application", "FR-13: A decided application", before=opened()),
    Race("a merge approved, and rejected", "; ".join(MERGED),
         touch("cases_personmerge", "true", state="'rejected'", decided_by_id="{user_captain}", decided_at="now()"),
         "AC-07: A merge is decided once", "AC-07: A merge is decided once"),
    Race("a merge, and its two told apart", "; ".join(MERGED), TOLD_APART, "AC-07: Somebody recorded", "AC-07: These two"),
    Race("one entry merged into two", merged("990001"), merged("990002"), "AC-07: One of them", "AC-07: One of them",
         before=(clone(MERGE, id="990001"),
                 clone("cases_person", id="990001", name="'An Ostrander'"), clone(MERGE, id="990002", keep_id="990001"))),
    Race("a lead made, and its probe withdrawn", lead(), PROBE_BACK, "FR-03: No lead", after=LATER),
    Race("a blind examiner asked, and put on the case", ASKED, PUT_ON, "FR-08: Who is or was", "FR-08: Who is asked"),
    Race("a blind examiner asked, and let into the case", ASKED, LET_IN, "FR-08: Who is or was", "FR-08: Who is asked"),
    Race("a line-up, and the other item withdrawn", a_lineup("{ready}")[0], BACK, "FR-11: A line-up may", after=LATER),
    Race("two first examinations", examined(candidate_id=KEPT), examined(candidate_id=KEPT), "fr_08_one_of_each",
         "fr_08_one_of_each"),
    Race("a search, and its case closed", search(), CLOSED, "FR-02: A search needs an open case", after=LATER),
    Race("a search, and its number taken back", search(), UNTIED, "FR-02: A search needs a case", after=LATER),
    Race("a search, and its case refused", of_his(IN_HIS_CASE), "; ".join(HIS_REFUSED), REFUSED_HIM, after=LATER),
    Race("a case refused, and accepted", "; ".join(HIS_REFUSED),
         "; ".join(reversed(answers("{own_case_id}", "{user_visitor}", "true"))).replace("990041", "990042"),
         "FR-02: This case is", after="It may be accepted later, for new searches."),
    Race("a search, and its probe withdrawn", search(), NO_PROBE, "FR-03: A probe is one still image", after=LATER),
    Race("a search, and who asked taken off the case", search(), UNASSIGNED, "FR-02: Only an investigator assigned",
         after=LATER),
    Race("a candidate, and the end of its search",
         clone("leads_candidate", search_id=f"(SELECT id FROM leads_searchrequest WHERE {QUEUED} LIMIT 1)"),
         ended_search(QUEUED), "FR-14: The list", "FR-07: How many reach"),
    Race("two hands take one exhibit", *(2 * [clone("cases_custodyentry", "id = (SELECT max(id) FROM cases_custodyentry)",
         from_party="o.to_party", to_party="'The laboratory'", at="clock_timestamp()")]),
         "AC-07: A link of the chain of custody", "AC-07: A link of the chain of custody"),
    Race("two refunds of one payment", *(2 * [entry("refund", "500", citation_id=FREE)]), "PK-15: No more is refunded",
         "PK-15: No more is refunded",
         before=(entry("payment", "-99999900", citation_id=FREE),
                 entry("refund", "(SELECT -sum(e.amount_cents) - 500 FROM parking_ledgerentry e WHERE e.citation_id = "
                       f"{FREE})", citation_id=FREE))),
    Race("two officers cite one act", issued("990301", "90301"), issued("990302", "90302"),
         "PK-07: This vehicle is cited", "PK-07: This vehicle is cited"),
    Race("two reductions of one charge",
         *(2 * [entry("reduction", "-7500", citation_id=OWED)]),
         "PK-15: No more is taken off", "PK-15: No more is taken off", before=A_PENALTY),
    Race("a late fee, and a contest", entry("late_fee", "3800", citation_id=OWED), contested(citation_id=OWED),
         "PK-12: No late fee", after=LATER, before=A_PENALTY),
    Race("a late fee, and a hold", entry("late_fee", "3800", citation_id=OWED),
         clone("parking_citationhold", citation_id=OWED, released_at="NULL", released_by_id="NULL", kind="'other'",
               placed_by_id="{user_parking_manager}"),
         "PK-12: No late fee", after=LATER, before=A_PENALTY),
    Race("a delinquent notice, and a hold", notice(citation_id="990204"), held("other", "990204"),
         "PK-12: No delinquent notice", after=LATER),
    Race("a late fee, and all of it paid", entry("late_fee", "3800", citation_id=OWED),
         entry("payment", f"(SELECT -sum(e.amount_cents) FROM parking_ledgerentry e WHERE e.citation_id = {OWED})",
               citation_id=OWED), "PK-12: No late fee", after=LATER, before=A_PENALTY),
    Race("a result, and the contest withdrawn", DECIDED, TAKEN_BACK,
         "PK-12: This contest is decided", "PK-12: A contest ends"),
    Race("two permits on one approval", permit(serial="90002"), permit(serial="90003"), "PK-16: One approval",
         "PK-16: One approval", before=APPROVED),
    Race("two permits of one household", permit(serial="90002"), permit(serial="90003", application_id="990002"),
         "PK-16: A permit is counted", "PK-16: A permit is counted", before=(*APPROVED, *approved("990002"))),
    Race("two changes of plates, and one is left", swap(2), swap(3), "PK-16: A holder changes", "PK-16: A holder changes",
         before=(swap(1),)),
    Race("a copy, and its hold released", copied(), touch("parking_citationhold", "id = 990003", released_at="now()",
         released_reason="'Enough'", released_by_id="{user_parking_manager}"), "PK-13: Collection of this",
         "PK-13: Collection is paused", before=(held("copy"),)),
    Race("a hulk is marked for no hours, and becomes a stored vehicle",
         f"{mark(hours='0', look_from='now()')}; {touch(VEHICLE, ANEW, state=MARKED)}",
         touch("parking_abandonedvehicle", "id = 990001", kind="'stored_72h'"), "PK-04: A warning runs",
         "PK-04: What the warning", before=(matter("hazard_hulk"),)),
    Race("two plans for one citation", *(planned(key) for key in ("990003", "990004")), "PK-14: A plan runs",
         "PK-14: A plan runs", before=tuple(one for key in ("990003", "990004") for one in
                                            (held("plan", key=key), another_plan(key)))),
    Race("two results of one hearing", DECIDED, DECIDED, "PK-12: This contest is decided", "PK-12: This contest is decided"),
    Race("a permit ended, and a plate put in", touch("parking_permit", "id = {permit_id}", ended_at="now()",
         ended_reason="'Sold'", ended_by_id="{user_parking_manager}"),
         plate(), "PK-16: A permit that has ended has", "PK-16: A plate counts", before=(NO_PLATE,)),
    Race("a guest, and the code ended", guest(), CODE_ENDED, "PK-16: A guest comes", after=LATER),
    Race("two guests by a code for one", guest(), guest(plate="'6XXX667'"), "PK-16: A guest comes", "PK-16: A guest comes"),
    Race("two codes for the visits that are left", *(2 * [guest_code(visits_max="3")]), "PK-16: No more visits",
         "PK-16: No more visits"),
    Race("two plates in one place", plate(), plate(plate="'6XXX667'"), "pk_16_one_plate_a_place",
         "pk_16_one_plate_a_place", before=(NO_PLATE,)),
    Race("a hearing, and its deposit taken back",
         contested(citation_id=OWED, stage="'hearing'", deposit_waived="false"),
         entry("payment", "7500", citation_id=OWED, reverses_id="(SELECT id FROM parking_ledgerentry WHERE citation_id = "
               f"{OWED} AND kind = 'payment')"), "PK-12: Before a hearing", after=LATER,
         before=(*A_PENALTY, entry("payment", "-7500", citation_id=OWED), contested(id="990002", citation_id=OWED),
                 result(contest_id="990002", decided_by_id="{user_parking_manager}", registration_matches="NULL"),
                 touch("parking_contest", "id = 990002", state="'decided'"))),
    Race("an application approved, and denied", f"{decided('approve')}; {answered('approved')}",
         f"{decided('deny')}; {answered('denied')}", "PK-16: This application", "PK-16: This application"),
    Race("a tow canceled, and the vehicle removed",
         clone("parking_towend", how="'canceled'", order_id=OPEN_ORDER, agency_pays="false"),
         clone("parking_towremoval", order_id=OPEN_ORDER), "PK-10: The vehicle was removed", "PK-10: The order has ended"),
    Race("a tow ordered, and the matter closed", f"{order()}; {touch(VEHICLE, READY_TO_TOW, state=ORDERED)}",
         touch("parking_abandonedvehicle", "state = 'ready'", state="'closed'", outcome="'gone'", closed_at="now()",
               closed_reason="'It is gone now.'", closed_by_id="{user_parking_officer}"),
         "PK-04: A marked warning", "PK-10: A tow ends"),
    Race("a candidate found, and its photo opted out", FOUND, OPTED_OUT, "FR-06: A photo whose", after=LATER),
    Race("a candidate found, and its source withdrawn", FOUND, SOURCE_GONE, "FR-05: Only a face", after=LATER),
    Race("a search ends, and its case closes", ended_search(QUEUED), CLOSED, "FR-02: A search needs an open case", after=LATER),
    Race("a search ends, and its probe is withdrawn",
         ended_search(QUEUED), NO_PROBE, "FR-03: A probe is one still image", after=LATER),
    Race("a third person signs off, and verifies", "; ".join(signed_off("{user_visitor}")),
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_visitor}"),
         "FR-08: Who had a part", "FR-08: Who signed off"),
    Race("one version, written anew twice", *(2 * [carried_out("990001")]), "AU-04: The versions", "AU-04: The versions",
         before=(stricter("990001", 2, 40, "corroboration_min"), approve("id = 990001"))),
    Race("two amendments of one setting", approve("id = 990001"), approve("id = 990002"), "AU-04: A setting is not",
         "AU-04: A setting is not", before=(stricter("990001", 98), stricter("990002", 99))),
    Race("an amendment approved, and rejected", approve("id = 990001"), answer_to_it("rejected", "{user_chief}"),
         "AU-04: A decided", "AU-04: A decided", before=(stricter("990001", 98),)),
    Race("an amendment approved, and withdrawn", approve("id = 990001"), answer_to_it("withdrawn", "{user_captain}"),
         "AU-04: A decided", "AU-04: A decided", before=(stricter("990001", 98),)),
    Race("an amendment approved in two tabs", *(2 * [approve("id = 990001")]), "AU-04: A decided", "AU-04: A decided",
         before=(stricter("990001", 98),)),
    Race("two roles that exclude each other",
         *("; ".join((managed("{nobody}"), given("{nobody}", role))) for role in ("investigator", "captain")),
         "AC-10: One account cannot be", "AC-10: One account cannot be"),
    Race("a token made, and its account disabled",
         "; ".join((clone("policy_decision", action="'token.make'", outcome="'allowed'", verdicts="'[]'::jsonb", subject_id="''",
                          subject_type="'accounts.apitoken'", actor_id="{user_investigator}"),
                    token(owner_id="{user_investigator}"))),
         "; ".join((managed("{user_investigator}"), DISABLED.replace("{account}", "{user_investigator}"))),
         "AC-01: A token is made",
         after="It ends with the account (test_mended: ac_11_tokens_end)."),
    Race("two administrators take each other away",
         "; ".join((managed("{nobody}"), TAKEN.replace("{account}", "{nobody}"))),
         "; ".join((managed("{user_administrator}", actor_id="{nobody}"), TAKEN.replace("{account}", "{user_administrator}"))),
         "AC-10: The last administrator", "AC-10: The last administrator", before=SECOND),
    Race("an administrator is disabled, and takes the other's role",
         "; ".join((managed("{nobody}"), DISABLED.replace("{account}", "{nobody}"))),
         "; ".join((managed("{user_administrator}", actor_id="{nobody}"), TAKEN.replace("{account}", "{user_administrator}"))),
         "AC-10: The last administrator", "AC-10: The last administrator", before=SECOND),
    Race("both second factors taken away",
         *(f"{TAKES}; DELETE FROM mfa_authenticator WHERE id = {key}" for key in (990002, 990003)),
         "AC-01: The last", "AC-01: The last",
         before=(ANOTHER, ANOTHER_KEY)),
]  # fmt: skip

# Guards that count rows under an anchor and are not raced here, each with the reason why nothing can come between.
LEDGER = "What it wants there is a row of a ledger: once there, it neither goes nor changes."
NOT_RACED = {
    "fr_02_accept_by": "What it writes down only ever asks for more: whoever accepts the case meanwhile accepts this search too.",
    "fr_02_accepted_by_a_captain": "Whoever opens or searches in a case of the matter is waited for (aa_anchor).",
    "fr_02_nobody_compares": "Its own transaction ends the requests; nobody is drawn for what is veiled (fr_02_not_veiled).",
    "fr_02_veiled_for_a_reason": "Whoever accepts or refuses a case, and whoever veils its result, locks it first.",
    "zz_au_03_its_decision": "What it compares never changes: whose a contest and an entry are, a citation's decision.",
    "aa_cases_it_touches": "It is an anchor: it takes the locks for which others wait.",
    "ab_face": "It is an anchor: it takes the locks for which others wait (tests/leads/history/test_at_once.py).",
    "ac_04_sees_the_other": "A case that is sealed a moment later keeps its link; its captain takes it back.",
    "fr_06_stands_a_day": "A search that ends a moment later never saw the opt-out that was taken back.",
    "zz_au_03_who_acts": "What it compares never changes: the case of an exhibit; the decision is of its own transaction.",
    "zz_ac_09_may_add": "Which case a row belongs to never changes; access that goes a moment later is after the fact.",
    "ac_09_one_case": "Which case a row belongs to never changes.",
    "fr_12_names_its_searches": "It writes down what stands there; what comes later is not excepted, and a mark is asked of it.",
    "fr_18_from_its_record": LEDGER,
    "zz_ac_10_by_decision": "A token that is used a moment later is used of an account that was unused until then.",
    "zz_ac_09_by_decision": "Who seals a case locks it before he settles who has access: a grant waits for him, or he sees it.",
    "zz_ac_04_steps_by_name": "Access that goes a moment later is after the fact.",
    "ac_04_by_name": "A seal that comes a moment later is after the fact.",
    "fr_10_person_of_a_lead": "The case is locked by whoever changes the entry, or makes or marks its lead.",
    "fr_10_same_case": "What it compares never changes: the case of an exhibit, of a lead, a search's probe.",
    "fr_07_fr_08_above_the_bar": LEDGER,
    "fr_07_list_as_measured": "It holds every source; how many are listed is raced (a candidate, and the end of its search).",
    "fr_08_signed_off": LEDGER,
    "fr_08_done_when_recorded": "Its own transaction ends the request; another one cannot be opened: examined twice.",
    "fr_24_not_ended": "Whoever makes a lead and whoever examines its face anywhere wait for each other (ab_face).",
    "fr_24_still_not_ended": "Whoever moves a lead on and whoever examines its face anywhere wait for each other (ab_face).",
    "fr_12_by_a_captain": "A search's purpose never changes, and who has a part gets none taken away.",
    "fr_10_mark_falls_with_rejection": "Asked as the transaction ends, under the case, which every link and lead locks.",
    "fr_10_mark_falls_with_answer": "As with a rejection; leads of other cases by the face, which a link locks as a mark does.",
    "fr_13_go_together": "Asked as the transaction ends, under the case, which both rows lock.",
    "fr_13_as_its_application": "The case is locked by whoever changes the lead or its application.",
    "ac_07_merged_as_decided": "Asked as the transaction ends, under the case, which both rows lock.",
    "au_04_carried_out": "Asked as the transaction ends, under the oldest amendment, which every approval locks.",
    "ac_07_merged_by_a_merge": "The case is locked by whoever changes the entry or its merge.",
    "fr_13_returned_as_it_fell": "Asked as the transaction ends, under the case, which every link and lead locks.",
    "fr_26_sourced": "An exhibit that is withdrawn a moment later lets the identity fall: asked as one applies and approves.",
    "fr_26_checked_by_another": "Who entered an identity never changes.",
    "fr_26_falls_back": "Asked as the transaction ends, under the matter's cases, which application and answer both lock.",
    "fr_27_carried_out": "Asked as the transaction ends, under the case, which both rows lock.",
    "fr_13_carried_out": "Two captains who decide at once are raced: the later finds the application decided.",
    "fr_08_request_begins": "Who requested a search never changes.",
    "fr_08_request_ends": LEDGER,
    "fr_08_whole_list_sent": LEDGER,
    "fr_08_replaced": "What it asks for was before: time that is over, a certificate that ended, a look at the case.",
    "fr_08_two_examiners": "What it counts is one of each position: fr_08_one_of_each, which two first examinations meet.",
    "fr_12_suspect_only": "A search's purpose never changes.",
    "fr_13_approved_by_captains": LEDGER,
    "fr_02_asker_still_may": "Its anchor is the search itself; it locks the case FOR SHARE besides (tests/leads/search).",
    "fr_10_application": "The mark it asks for falls first (raced: an application, and its link withdrawn).",
    "fr_10_stays_withdrawn": "A lead that is applied for is marked: what is withdrawn under it meets the mark's guard first.",
    "fr_14_replayed": "A search that is done stays done.",
    "ac_01_first_factor_once": "Of two first factors the later is a second one; one of each kind (unique_authenticator_type).",
    "pk_01_answered_by_a_person": LEDGER,
    "pk_07_issued_by_a_person": "An amount is of days to come, and who enters one waits for citations of its violation.",
    **dict.fromkeys(
        (
            "pk_15_answered_by_another",
            "pk_15_nothing_off_ones_own",
            "pk_15_planned_by_another",
            "pk_15_put_off_by_another",
            "pk_15_waived_by_another",
        ),
        "Who issued a citation, and who granted a plan, never changes.",
    ),
    "pk_04_after_the_warning": LEDGER,
    "pk_04_not_moved": LEDGER,
    "pk_04_look_carried_out": "Asked as the transaction ends, under the vehicle, which every step locks.",
    "pk_04_marked_by_it": "Asked as the transaction ends, under the vehicle, which every step locks.",
    "pk_04_ordered_by_it": "Asked as the transaction ends, under the vehicle, which every step locks.",
    "pk_10_asked_in_time": LEDGER,
    "pk_10_notice_after_removal": LEDGER,
    "pk_10_not_who_ordered": LEDGER,
    "pk_12_in_time": "A notice that is mailed later gives the owner more days, never fewer.",
    "pk_12_mailed_afterwards": LEDGER,
    "pk_12_of_this_citation": LEDGER,
    "pk_12_while_it_waits": "What is asked for a moment later pauses collection by a hold of its own.",
    "pk_12_delinquent_after_due": "The day payment is due never changes.",
    "pk_14_asked_for_this": "Who releases a hold later does so on the record, with a reason.",
    "pk_12_carried_out": "Asked as the transaction ends, under the citation, which all of them lock.",
    "pk_14_granted_with_it": LEDGER,
    "pk_14_owes_as_said": "Who pays or charges locks the citation, and so does who covers it; two plans at once are raced.",
    "pk_16_application_of_its_address": "It compares with a permit, whose household and class never change.",
    "pk_15_canceled_by_a_record": LEDGER,
    "pk_16_answer_stands": "Asked as the transaction ends, under the application, which every answer locks.",
    "pk_16_application_decided": LEDGER,
    "pk_16_not_back": "Its anchor is the violation: of two first amounts the later is a second one.",
    "pk_16_plate_swap_counts": "It wants rows there that never go; who takes a plate out meanwhile makes no change count less.",
    "pk_15_canceled_whole": "Asked as the transaction ends, under the citation, which every entry locks.",
    "pk_15_charged_at_once": LEDGER,
    "pk_15_ledger_comes_with_it": LEDGER,
    "pk_15_ledger_worth_its_source": "Two reductions of one charge are raced; what it compares with never changes.",
    "pk_15_canceled_by_another": LEDGER,
}
