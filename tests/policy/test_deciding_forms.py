"""Every form that decides says what its page showed (AU-03): an action that is new is listed here, or fails."""

from dataclasses import dataclass

import pytest

from ecpd.accounts.roles import ACTIONS
from leads.services import corroboration, warrant
from tests.factories import leads as make
from tests.shown import shown_in
from tests.signing_in import sign_in

# Actions by which one person decides on what lies before them, and where the form stands.
DECIDE = {
    "warrant.approve": "application", "warrant.deny": "application", "warrant.apply": "apply",
    "warrant.withdraw": "applicant", "lead.mark_for_warrant": "lead", "lead.clear": "clear", "lead.sign_off": "sign-off",
    "corroboration.verify": "verify", "corroboration.withdraw": "unlink", "review.conclude": "blind",
    "gallery.opt_out": "opt-out", "gallery.add_source": "source", "evidence.withdraw": "exhibit",
    "amendment.decide": "amendment",
    # Parking: tried with its own pages below, by their templates.
    "alert.confirm": "parking/console/_alert.html", "citation.issue": "parking/citation/write.html",
    "contest.review": "parking/contest/detail.html", "contest.hear": "parking/contest/detail.html",
    "contest.court": "parking/contest/detail.html", "tow.order": "parking/abandoned/act.html",
    "tow.hear": "parking/abandoned/act.html",
}  # fmt: skip
# Looking, entering, asking and keeping: nothing is decided on what somebody else has written.
OTHERS = {name for name in ACTIONS if name not in DECIDE}
SOUNDS_LIKE_DECIDING = ("decide", "approve", "reject", "verify", "confirm", "issue", "order", "sign off", "deny")
# They sound like it and are not: what is shown there is typed by the person, or is no matter of a person.
EXCUSED = {
    "citation.attach": "says what the officer has just done at the vehicle",
    "certificate.issue": "is written from what was taught; nothing of somebody else's lies before the administrator",
    "audit.verify": "walks the chain; there is nothing to decide",
    "tow.notice": "records what was mailed",
    "person.merge.decide": "a merge can be undone (AC-07)",
    "permit.decide": "the permit's rules are asked of the row when it is decided",
}


def test_every_action_that_decides_is_listed():
    sound = {n for n, action in ACTIONS.items() if any(word in action.words for word in SOUNDS_LIKE_DECIDING)}
    assert sound - set(DECIDE) - set(EXCUSED) == set(), "List its form here, and let it say what it showed."
    assert set(DECIDE) <= set(ACTIONS)
    assert set(EXCUSED) <= set(ACTIONS)


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
    from leads.services import review

    asked = review.ask_second_examiner(candidate=found, actor=people.okafor, examiner=people.aldana)
    photo = found.face.photo
    exhibit = make.exhibit(people)
    applied = make.marked_lead(people)
    application = warrant.apply_for_warrant(
        lead=applied, actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )
    lead, reason = open_lead.get_absolute_url(), {"reason": "The laboratory mixed up two lifts."}
    at = application.get_absolute_url()
    return World(people, {
        "application": ("marsh", at, at, {"outcome": "approve", "reasons": "The lift stands by itself here.",
                                          "read_packet": "on"}),
        "applicant": ("okafor", at, f"{at}withdraw/", {}),
        "apply": ("okafor", f"{marked.get_absolute_url()}apply/", f"{marked.get_absolute_url()}apply/",
                  {"statement": "A lift.", "does_not_fit": "Nothing."}),
        "lead": ("okafor", ready.get_absolute_url(), f"{ready.get_absolute_url()}mark/", {}),
        "clear": ("okafor", f"{lead}clear/", f"{lead}clear/", reason),
        "sign-off": ("marsh", f"{lead}sign-off/", f"{lead}sign-off/", reason),
        "verify": ("raman", f"{lead}items/{item.pk}/verify/", f"{lead}items/{item.pk}/verify/",
                   {"verified": "yes"} | reason),
        "unlink": ("okafor", f"{lead}items/{item.pk}/withdraw/", f"{lead}items/{item.pk}/withdraw/", reason),
        "blind": ("aldana", f"/examinations/{asked.pk}/", f"/examinations/{asked.pk}/", _examined()),
        "opt-out": ("chief", f"/gallery/photos/{photo.pk}/opt-out/", f"/gallery/photos/{photo.pk}/opt-out/",
                    {"received_on": timezone.localdate().isoformat(), "reason": "By letter"}),
        "source": ("chief", f"/gallery/{photo.source_id}/", f"/gallery/{photo.source_id}/withdraw/", reason),
        "exhibit": ("okafor", f"{exhibit.get_absolute_url()}withdraw/", f"{exhibit.get_absolute_url()}withdraw/", reason),
        "amendment": ("chief", f"/policy/amendments/{amendment.pk}/", f"/policy/amendments/{amendment.pk}/",
                      {"answer": "approve", "reason": "The figures convince me."}),
    })  # fmt: skip


def _examined() -> dict[str, str]:
    from leads.models.examination import COMPONENTS

    return dict.fromkeys((f"c_{key}" for key in COMPONENTS), "similar") | {
        "conclusion": "possible_match", "basis": "Eyes and nose agree.", "does_not_fit": "Nothing."
    }  # fmt: skip


PLACES = sorted({place for place in DECIDE.values() if not place.endswith(".html")})


@pytest.mark.django_db
def test_each_form_says_what_it_shows_and_decides_nothing_without(client):
    world = _world()
    assert sorted(world.pages) == PLACES
    for name, (who, page, where, form) in world.pages.items():
        sign_in(client, getattr(world.people, who))
        assert shown_in(client.get(page).content.decode()), name
        for said in ({}, {"shown": "{}"}, {"shown": "nonsense"}):
            answer = client.post(where, form | said)
            told = answer.content.decode()
            assert answer.status_code in (403, 422), name
            assert "does not say what was shown" in told or "Changed since you opened this page" in told, name
    assert corroboration.Corroboration.objects.filter(withdrawn_at__isnull=False).count() == 0


@pytest.mark.parametrize("template", sorted({place for place in DECIDE.values() if place.endswith(".html")}))
def test_each_form_of_parking_carries_what_it_shows(template):
    from django.conf import settings

    assert "shown_field }}" in (settings.BASE_DIR / "templates" / template).read_text()
