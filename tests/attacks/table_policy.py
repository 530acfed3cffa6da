"""Attacks on the manual: amendments, who decides them, versions."""

from tests.attacks.made import clone
from tests.attacks.table_accounts import DISABLED, managed
from tests.attacks.who_acts import BY_ROLE
from tests.attacks.written import STRICTLY, TODAY, breaks, carried_out, says, touch

AMENDMENT, VERSION = "policy_amendment", "policy_manualversion"
DECIDED = {"decided_by_id": "{user_chief}", "decided_at": "now()", "decision_reason": "'Agreed'"}


def proposal(**changes: str) -> str:
    """Another proposal of the captain's."""
    return clone(AMENDMENT, "state = 'proposed' AND proposed_by_id IS NOT NULL", **changes)


def approve(which: str = "id = {amendment}", **changes: str) -> str:
    """The chief's approval of a proposal, with the version that it brings."""
    of = f"(SELECT id FROM {AMENDMENT} WHERE {which} ORDER BY 1 LIMIT 1)"
    return f"{approval(which, **changes)}; {carried_out(of)}"


def approval(which: str = "id = {amendment}", **changes: str) -> str:
    """The approval alone."""
    return touch(AMENDMENT, which, **({"state": "'approved'"} | DECIDED | changes))


def answer_to_it(state: str, by: str) -> str:
    """Another answer to the proposal 990001."""
    return touch(AMENDMENT, "id = 990001", **(DECIDED | {"state": f"'{state}'", "decided_by_id": by}))


def stricter(key: str, value: int, days: int = 0, setting: str = "match_score_min") -> str:
    """The captain's proposal of a stricter setting, from so many days on."""
    return proposal(id=key, changes=f"jsonb_build_object('{setting}', {value})", council_item="''",
                    before=f"jsonb_build_object('{setting}', ecpd_manual_at(now()) -> '{setting}')",
                    effective_on=f"{TODAY} + {days}")  # fmt: skip


def version(**changes: str) -> str:
    """Another version, numbered as the next one."""
    right = {"serial": "(SELECT max(serial) + 1 FROM policy_manualversion)",
             "number": "(SELECT '1.' || max(serial) + 1 FROM policy_manualversion)"}  # fmt: skip
    return clone(VERSION, "amendment_id IS NOT NULL", **(right | changes))


def looser(**changes: str) -> str:
    """A proposal that loosens what was announced to the council."""
    return proposal(id="990001", changes="'{\"match_score_min\": 50}'::jsonb", before="jsonb_build_object("
                    "'match_score_min', ecpd_manual_at(now()) -> 'match_score_min')", effective_on=TODAY,
                    council_item="''", **changes)  # fmt: skip


def another_card(sha256: str, days: int) -> str:
    """A proposal to put another model card in force, with the council's item, from so many days on."""
    return proposal(id="990001", changes=f"jsonb_build_object('model_card', {sha256})", council_item="'Item 7.C'",
                    before="'{\"model_card\": \"\"}'::jsonb", effective_on=f"{TODAY} + {days}")  # fmt: skip


def allowed(**changes: str) -> str:
    """A decision that opens a door, from nowhere."""
    return clone("policy_decision", outcome="'allowed'", verdicts="'[]'::jsonb", **changes)


ATTACKS = [
    breaks("policy_amendment", "au_04_decided_for_a_reason", "taken back without a word",
           touch("policy_amendment", "state = 'proposed'", state="'withdrawn'", decided_by_id="proposed_by_id",
                 decided_at="now()", decision_reason="'-'")),
    *(says("policy_decision", "AC-08: A decision that allows", title, allowed(**changes), *before, BY_ROLE, shielded=True)
      for title, changes, *before in (
        ("by who has no role for it", {"actor_id": "{user_parking_officer}", "action": "'warrant.approve'"}),
        ("on an act that there is not", {"actor_id": "{user_chief}", "action": "'chief.become'"}),
        ("by an account that is out of use", {"actor_id": "{user_captain}", "action": "'warrant.approve'"},
         managed("{user_captain}"), DISABLED.replace("{account}", "{user_captain}")),
    )),
    says("policy_decision", "AU-03: A decision that allows", "under an old manual",
         allowed(manual_version_id="(SELECT min(id) FROM policy_manualversion)"), shielded=True),
    *(says("policy_decision", "AU-03: A decision keeps", title, clone("policy_decision", **changes))
      for title, changes in {
          "verdicts that are no list": {"verdicts": """'{"a": "b"}'::jsonb"""},
          "a verdict that is a word": {"verdicts": """'["x"]'::jsonb"""},
          "a verdict of no rule": {"verdicts": """'[{"outcome": "met"}]'::jsonb"""},
          "an answer that is none": {"verdicts": """'[{"rule_id": "FR-10", "outcome": "yes"}]'::jsonb"""},
          "an answer that is a list": {"verdicts": """'[{"rule_id": "FR-10", "outcome": ["met"]}]'::jsonb"""},
          "a sentence that is a number": {"verdicts": """'[{"rule_id": "FR-10", "outcome": "met", "sentence": 5}]'::jsonb"""},
          "settings that are a list": {"parameters": "'[]'::jsonb"},
      }.items()),
    *(breaks("policy_decision", "au_03_allowed_when_met", f"allowed, though {word}",
             clone("policy_decision", "outcome = 'allowed'",
                   verdicts=f"""'[{{"rule_id": "FR-10", "outcome": "met"}}, {{"rule_id": "FR-13", "outcome": "{word}"}}]'"""))
      for word in ("unmet", "needs_words")),
    says(AMENDMENT, "AU-04: An amendment begins", "approved at birth", proposal(state="'approved'", **DECIDED),
         shielded=True),
    says(AMENDMENT, "AU-04: An amendment names", "that changes nothing", proposal(changes="'{}'::jsonb"), shielded=True),
    says(AMENDMENT, "AU-04: A proposed value", "a score of a thousand",
         proposal(changes="'{\"match_score_min\": 1000}'::jsonb"), shielded=True),
    says(AMENDMENT, "AU-04: A release proposes", "in the release's name",
         proposal(proposed_by_id="NULL"), shielded=True),
    says(AMENDMENT, "AU-04: A decided", "decided again", touch(AMENDMENT, "state = 'approved'", decision_reason="'No'")),
    says(AMENDMENT, "AU-04: Only the chief", "approved by a captain", approval(decided_by_id="{user_visitor}")),
    says(AMENDMENT, "AU-04: A setting is not", "over another amendment", approval("id = 990001"),
         proposal(id="990001", before="'{\"match_score_min\": 1}'::jsonb", council_item="''")),
    says(AMENDMENT, "AU-04: Loosening", "looser from today on", approval("id = 990001"), looser()),
    says(AMENDMENT, "AU-04: Loosening", "another card from today on", approval("id = 990001"),
         another_card("(SELECT min(sha256) FROM leads_modelcard)", 0)),
    says(AMENDMENT, "FR-07: The model card", "a card that nobody kept", approval("id = 990001"),
         another_card("repeat('f', 64)", 20)),
    says(AMENDMENT, "AU-04: An amendment takes effect", "in force before it is approved",
         touch(AMENDMENT, "id = {amendment}", effective_at="now() - interval '1 day'")),
    says("audit_conduct", "AU-01: Who acts without", "called by a captain's name", clone(
         "audit_conduct", actor_id="NULL", actor_label="'Capt. Douglas Marsh'", decision_id="NULL")),
    says("audit_conduct", "AU-01: Who acts without", "called the owner", clone(
         "audit_conduct", actor_id="NULL", actor_label="'Owner of the database'", decision_id="NULL")),
    says("audit_conduct", "AU-01: What a door", "a search that nobody decided on", clone(
         "audit_conduct", action="'search.request'", actor_id="{user_captain}", decision_id="NULL"),
         STRICTLY),
    *(says("audit_conduct", sentence, title, clone(
        "audit_conduct", action=f"'{action}'", actor_id="{user_captain}", decision_id="NULL"), STRICTLY, shielded=True)
      for sentence, title, action in (
          ("AU-01: What a door", "an act that nobody decided on yet", "tow.hear"),
          ("AU-01: The name of an act", "in capitals", "Warrant.approve"),
          ("AU-01: The name of an act", "with a blank", "warrant.approve "))),
    says("audit_conduct", "AU-01: An act", "an act too long to be sealed",
         clone("audit_conduct", detail="jsonb_build_object('a', repeat('a', 70000))", decision_id="NULL")),
    says(AMENDMENT, "AU-04: With an approval", "approved for whenever a version is written", approval("id = 990001"),
         stricter("990001", 98)),
    breaks(AMENDMENT, "au_04_withdrawn_by_its_proposer", "withdrawn by another", answer_to_it("withdrawn", "{user_chief}"),
           stricter("990001", 98)),
    breaks(AMENDMENT, "au_04_two_people", "approved by who proposed it",
           approval("id = 990001"), proposal(id="990001", proposed_by_id="{user_chief}")),
    breaks(AMENDMENT, "au_04_decided_with_reason", "decided by nobody", approval(decided_by_id="NULL")),
    says(VERSION, "AU-04: The versions", "an evil number", version(number="'evil'")),
    says(VERSION, "AU-04: Parameters change", "without an amendment", version(amendment_id="NULL")),
    says(VERSION, "AU-04: A version carries", "and a little more",
         version(parameters="o.parameters || '{\"match_score_min\": 1}'")),
    says(VERSION, "AU-04: A version takes effect", "earlier than its amendment",
         version(effective_from="o.effective_from - interval '1 day'")),
    says(VERSION, "AU-04: What was in force", "the past written anew", version()),
]  # fmt: skip
