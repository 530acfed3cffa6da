"""Whatever is decided on what lies before a person says what was shown (AU-03).

Every door of every service stands in one of two lists: it carries what its page showed, or it is in `NOTHING_SHOWN` with
the reason why nothing is decided there on what somebody else has written. A new one that is in neither fails.
"""

from dataclasses import dataclass

import pytest
from django.conf import settings

from ecpd.audit.context import request_context
from ecpd.policy.shown import Seen, seen, token_of
from leads.services import corroboration, warrant
from tests.factories import leads as make
from tests.policy.doors import doors_of
from tests.shown import shown_in
from tests.signing_in import sign_in

NEW = "makes something new of what the person types; the rules are asked of it"
ENTERS = "enters something that happened elsewhere; nothing that is shown is judged"
OWN = "is the person's own, and only taken back or made"
MACHINE = "no person decides: a worker or a reader asks"
PROTECTS = "only ever takes a right away, at once and for good, or is undone by the same page"
NOTHING_SHOWN = {
    "leads.services.warrant.open_packet": "shows the packet for the first time; what was read is kept with the reading",
    "parking.services.ingest._ask": MACHINE,
    "cases.services.case.open_case": NEW, "cases.services.case.add_note": NEW,
    "cases.services.matter.enter_number": NEW,
    "cases.services.matter.link": NEW,
    "cases.services.case.assign": "gives work to somebody; whoever works there already is refused as such",
    "cases.services.case.end_assignment": PROTECTS,
    "cases.services.evidence.add_evidence": NEW, "cases.services.evidence.hand_over": ENTERS,
    "cases.services.person.add_person": NEW,
    "cases.services.person.propose_merge": "proposes; somebody else decides on both entries as they are shown",
    "cases.services.person.record_not_same": "only bars a proposal, with its reason; it joins nothing",
    "ecpd.accounts.api_tokens.make_token": OWN, "ecpd.accounts.api_tokens.revoke_token": PROTECTS,
    "ecpd.accounts.enrolment.give_code": "makes a secret for an account that has no second factor; an older one ends",
    "ecpd.accounts.forgotten.open_way": "goes by the number that the person says, and only while it waits",
    "ecpd.accounts.services.issue_certificate": NEW, "ecpd.accounts.services.suspend_certificate": PROTECTS,
    "ecpd.accounts.services._deciding": NEW,
    "ecpd.accounts.views._going": OWN,
    "ecpd.accounts.services.release_account": "ends every lock of an account, however many there are",
    "ecpd.policy.services.propose_amendment": NEW, "ecpd.policy.services.withdraw_amendment": OWN,
    "leads.services.card.keep_card": "keeps a file by its hash", "leads.services.corroboration.link": NEW,
    "leads.services.exculpatory.enter": NEW, "leads.services.identity.enter": NEW, "leads.services.gallery.add_source": NEW,
    "leads.services.gallery.request_import": NEW,
    "leads.services.replay.replay_search": "repeats what is on record and changes nothing of it",
    "leads.services.lot.draw_second_examiner": "draws who judges and judges nothing",
    "leads.services.lot.say_nothing_is_known": "says what is known and judges nothing",
    "leads.services.lot.say_something_is_known": "says what is known and judges nothing",
    "leads.services.running._finish": MACHINE, "leads.services.search.request_search": NEW,
    "leads.services.search.cancel_search": OWN,
    "parking.services.abandoned.report": NEW, "parking.services.abandoned_nightly._raise_for": MACHINE,
    "parking.services.access.look": "looks, and gives its reason", "parking.services.access.place_hold": NEW,
    "ecpd.accounts.services.set_password": "a password of one's own",
    "ecpd.accounts.forgotten.set_password": "a password of one's own",
    "cases.bench._fill": "the bench's own rows, in a scratch database",
    "parking.services.citation_hold.ask_for_copy": ENTERS, "parking.services.plan.ask_for_plan": ENTERS,
    "parking.services.citation.confirm_delivery": "says what the officer has just done at the vehicle",
    "parking.services.contest.file_contest": ENTERS,
    "parking.services.device.register": NEW, "parking.services.device.rotate": "only ever replaces a secret",
    "parking.services.device.take_over": "makes the person answer for a reader, and nobody else",
    "parking.services.exemption.add_exemption": NEW, "parking.services.exemption.import_list": NEW,
    "parking.services.hotlist.enter_hotlist": NEW, "parking.services.hotlist.add_entry": NEW,
    "parking.services.hotlist_import.import_entries": NEW, "parking.services.hotlist_watch._raise": MACHINE,
    "parking.services.ledger.record_payment": ENTERS, "parking.services.ledger_import.import_payments": ENTERS,
    "parking.services.looking.raising._raise": MACHINE, "parking.services.notice.record_mailing": ENTERS,
    "parking.services.permit_application.enter_application": NEW,
    "parking.services.permit_class.add_class": NEW, "parking.services.permit_class.set_terms": NEW,
    "parking.services.permit_guest.make_code": NEW, "parking.services.plate_policy.draft_policy": NEW,
    "parking.services.share.enter_agency": NEW,
    "parking.services.share.share": "judges a request that the same form enters",
    "parking.services.violation.add_violation": NEW, "parking.services.violation.set_amount": NEW,
    "parking.services.zone.label_streets": "a command's list of street names",
    "parking.services.zone.import_curbs": NEW, "parking.services.zone.draw_zone": NEW,
}  # fmt: skip


def test_every_door_says_what_was_shown_or_why_nothing_is():
    found = doors_of(settings.BASE_DIR)
    assert len(found) > 100
    silent = {name for name, says in found.items() if not says}
    assert silent - set(NOTHING_SHOWN) == set(), "Give the door `shown=seen(...)`, or say here why nothing is shown."
    assert set(NOTHING_SHOWN) - silent == set(), "These say what was shown, or are gone."


def test_a_request_that_says_nothing_is_refused_and_a_command_is_not_asked():
    parts = {"the thing": 1}
    assert seen(None, lambda: parts) is None
    for said in ("", "nonsense", "[]", token_of({}), token_of({"the thing": 2})):
        with request_context(None, lambda said=said: said):
            found = seen(None, lambda: parts)
            assert isinstance(found, Seen)
            assert found.verdict().blocks, said
    with request_context(None, lambda: token_of(parts)):
        found = seen(None, lambda: parts)
        assert found is not None
        assert not found.verdict().blocks


@dataclass
class World:
    """The pages, each with who decides there."""

    people: make.Agency
    pages: dict[str, tuple[str, str, str, dict]]


def _world() -> World:
    """Builds one of each: name to (who, where the form stands, where it is sent, the rest of it)."""
    from django.utils import timezone

    from ecpd.policy import services

    people = make.agency()
    amendment = services.propose_amendment(
        actor=people.marsh, changes={"match_score_min": 97}, effective_on=timezone.localdate(),
        reason="Three leads between 95 and 97 were wrong.",
    )  # fmt: skip
    open_lead, marked = make.made_lead(people), make.marked_lead(people)
    item = make.linked(people, open_lead)
    ready = make.made_lead(people)
    make.verified(people, make.linked(people, ready))
    found = make.candidate(people, search=make.requested(people))
    make.examined(found, people.okafor, 1)
    asked = make.opened_blind(make.drawn(found, people.aldana))
    photo = found.face.photo
    exhibit = make.exhibit(people)
    applied = make.marked_lead(people)
    application = warrant.apply_for_warrant(
        lead=applied, actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )
    lead, reason = open_lead.get_absolute_url(), {"reason": "The laboratory mixed up two lifts."}
    at = application.get_absolute_url()
    tie = f"/cases/{people.case.case_number}/matter/numbers/{people.case.incident_numbers.get().pk}/"
    return World(people, {
        "application": ("marsh", at, at, {"outcome": "approve", "reasons": "The lift stands by itself here.",
                                          "read_packet": "on"}),
        "applicant": ("okafor", at, f"{at}withdraw/", {}),
        "apply": ("okafor", f"{marked.get_absolute_url()}apply/", f"{marked.get_absolute_url()}apply/",
                  {"asks_for": "search", "statement": "A lift.", "does_not_fit": "Nothing."}),
        "lead": ("okafor", ready.get_absolute_url(), f"{ready.get_absolute_url()}mark/", {}),
        "clear": ("okafor", f"{lead}clear/", f"{lead}clear/", reason),
        "sign-off": ("marsh", f"{lead}sign-off/", f"{lead}sign-off/", reason),
        "purpose": ("marsh", f"{lead}purpose/", f"{lead}purpose/", reason),
        "verify": ("raman", f"{lead}items/{item.pk}/verify/", f"{lead}items/{item.pk}/verify/",
                   {"verified": "yes", "because_of": "no", "rests_on_face": "no"} | reason),
        "unlink": ("okafor", f"{lead}items/{item.pk}/withdraw/", f"{lead}items/{item.pk}/withdraw/", reason),
        "blind": ("aldana", f"/examinations/{asked.pk}/", f"/examinations/{asked.pk}/", _examined()),
        "opt-out": ("chief", f"/gallery/photos/{photo.pk}/opt-out/", f"/gallery/photos/{photo.pk}/opt-out/",
                    {"received_on": timezone.localdate().isoformat(), "reason": "By letter"}),
        "source": ("chief", f"/gallery/{photo.source_id}/", f"/gallery/{photo.source_id}/withdraw/", reason),
        "exhibit": ("okafor", f"{exhibit.get_absolute_url()}withdraw/", f"{exhibit.get_absolute_url()}withdraw/", reason),
        "untie": ("marsh", tie, tie, reason),
        "amendment": ("chief", f"/policy/amendments/{amendment.pk}/", f"/policy/amendments/{amendment.pk}/",
                      {"answer": "approve", "reason": "The figures convince me."}),
    })  # fmt: skip


def _examined() -> dict[str, str]:
    from leads.models.examination import COMPONENTS

    return dict.fromkeys((f"c_{key}" for key in COMPONENTS), "similar") | {
        "conclusion": "possible_match", "basis": "Eyes and nose agree.", "does_not_fit": "Nothing."
    }  # fmt: skip


@pytest.mark.django_db
def test_each_form_says_what_it_shows_and_decides_nothing_without(client):
    world = _world()
    for name, (who, page, where, form) in world.pages.items():
        sign_in(client, getattr(world.people, who))
        assert shown_in(client.get(page).content.decode()), name
        for said in ({}, {"shown": "{}"}, {"shown": "nonsense"}):
            answer = client.post(where, form | said)
            told = answer.content.decode()
            assert answer.status_code in (403, 422), name
            assert "does not say what was shown" in told or "Changed since you opened this page" in told, name
    assert corroboration.Corroboration.objects.filter(withdrawn_at__isnull=False).count() == 0
