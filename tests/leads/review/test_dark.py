"""FR-08: who compares the faces of a list first reads nowhere its scores, ranks, names, sources or what others concluded."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ecpd.audit.middleware import FIELD
from ecpd.audit.models import Conduct
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.web.bench import kind_of, links_in
from leads.models import Candidate, Examination, ExaminationRequest, GallerySubject, SearchRequest
from leads.models.examination import COMPONENTS
from leads.selectors.dark import KEPT, in_his_order, is_dark
from leads.services import exculpatory, warrant
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
NAMES = ("Zebulon Quine", "Yorick Vane")
BASIS = "Quite another nose."
SAYS_ANSWERED = {200, 204, 302, 403, 404}
OF_A_KIND = 6  # pages of one kind; of those with a query, a third
NEXT = r'name="{}" value="([^"]*)"'


@pytest.fixture(scope="module")
def begun(kept):
    """An approved application, and two later searches for its probe that nobody has compared: each lists somebody new.

    Of the second, three are above the bar and one is not; a colleague has excluded two of them, one of whom is the lead's own.
    """
    people = make.agency()
    other = make.applied_for(people)
    make.opened(other, people.marsh)
    warrant.decide(
        application=other, actor=people.marsh, approve=True, read_packet=True, reasons="The lift stands by itself."
    )
    before = other.lead.candidate
    first = searched_again(people, NAMES[0], 99.8, before, like=before.search)
    best, _, under = first.candidates.order_by("rank")
    dark = searched_again(people, NAMES[1], 99.95, best, before, under, like=before.search)
    for rank in (2, 3):
        make.concluded(dark.candidates.get(rank=rank), people.raman, 1, "exclude", fits=BASIS)
    exculpatory.enter_from_records(other.lead)
    return people, other, dark


@pytest.fixture
def story(begun):
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def other(story):
    return story[1]


@pytest.fixture
def dark(story) -> SearchRequest:
    return story[2]


def searched_again(people, name: str, score: float, *known: Candidate, like: SearchRequest) -> SearchRequest:
    """A later search for the probe of that one, that found those who are known and somebody more similar.

    The first of them finds somebody under the bar as well, whom the next one lists too.
    """
    search, first = make.requested(people), len(known) == 1
    with transaction.atomic():
        face = make.gallery_face(people)
        with make.by_the_owner():
            GallerySubject.objects.filter(pk=face.photo.subject_id).update(published_name=name)
        face.photo.subject.refresh_from_db()
        make.listed(search, face, score=score, like=like, more=int(first))
    if first:
        with transaction.atomic():
            make.listed(search, make.gallery_face(people), score=60, rank=3, like=like)
    for rank, one in enumerate(known, start=2):
        make.listed(search, one.face, rank=rank)
    make.finish(search, like=like)
    return search


def everything(client: Client, *also: str) -> Iterator[tuple[str, str]]:
    """Every page, picture and file that the start page leads to, and the API's; with what it says, headers too."""
    opened: dict[str, int] = {}
    waiting = ["/", "/api/cases/", "/api/searches/", "/api/leads/", "/api/applications/", *also]
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or (address not in also and opened.get(kind, 0) >= OF_A_KIND // (3 if "?" in kind else 1)):
            continue
        opened[kind] = opened.get(kind, 0) + 1
        answer = client.get(address)
        assert answer.status_code in SAYS_ANSWERED, address
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = text.decode(errors="replace")
        yield address, f"{dict(answer.headers)} {text}"
        found = [answer.headers["Location"]] if answer.status_code == 302 else links_in(address, text)
        fresh = [link for link in found if link not in known]
        known.update(fresh)
        waiting += fresh


def what_gives_away(search: SearchRequest) -> list[str]:
    """What of a list nobody reads who may compare its faces: as patterns."""
    listed = list(search.candidates.all())
    scores = {f"{int(one.match_score * 10) / 10}" for one in listed if one.snapshot["published_name"] in NAMES}
    return [
        *NAMES, BASIS, *(re.escape(score) for score in scores), f"{search.number}/candidates/",
        *(str(one.cosine) for one in listed), f"[Cc]andidate [0-9]+ of {search.number}", f"exclude.{{0,30}}{search.number}",
        f"{search.number}.{{0,30}}exclude", "([Tt]hree|3) high enough", "[Tt]hree of", "3 at or above", "items point",
    ]  # fmt: skip


def addresses(search: SearchRequest, other) -> list[str]:
    """Where somebody would look who knows the addresses."""
    number, lead, case = search.number, other.lead.number, search.case.case_number
    found = [reverse("leads:search-print", args=[number]), reverse("leads:search-progress", args=[number]),
             f"/api/searches/{number}/", f"/api/searches/{number}/candidates/", f"/api/leads/{lead}/",
             f"/api/applications/{other.number}/", f"/api/cases/{case}/", reverse("leads:lead-print", args=[lead]),
             reverse("leads:application-packet", args=[other.number]),
             reverse("leads:application-packet-file", args=[other.number]),
             reverse("leads:search-request", args=[case]) + f"?evidence={search.probe.number}&again={number}",
             reverse("leads:search-list") + f"?q={number}"]  # fmt: skip
    found += [reverse("leads:answer", args=[lead, entry.pk]) for entry in other.lead.exculpatory.all()]
    for one in search.candidates.all():
        found += [
            one.get_absolute_url(),
            reverse("leads:candidate-face", args=[number, one.rank]),
            f"/api/candidates/{one.pk}/",
        ]
    return found


def leaks(client: Client, search: SearchRequest, *also: str, least: int) -> dict[str, list[str]]:
    """What of a list each of at least so many addresses gives away."""
    gives_away, found, opened = what_gives_away(search), {}, 0
    for address, text in everything(client, *also):
        opened += 1
        if address.startswith("/gallery/"):
            continue  # all photos there are, whoever was found
        if said := [pattern for pattern in gives_away if re.search(pattern, text)]:
            found[address] = said
    assert opened >= least, f"the crawl opened only {opened} addresses"
    return found


def test_no_page_answer_or_file_says_anything_of_the_list_to_who_may_compare_it(client, people, other, dark):
    """A crawl as the one who asked for the search, who applied for the warrant as well."""
    also = addresses(dark, other)
    sign_in(client, people.okafor)
    assert leaks(client, dark, *also, least=110) == {}
    told = client.get(f"/api/searches/{dark.number}/").json()
    assert (told["above_bar"], told["replays"]) == (None, [])
    assert [one["what"] for one in client.get(f"/api/leads/{other.lead.number}/").json()["exculpatory"]] == [KEPT]
    closed = {address: client.get(address).status_code for address in also}
    assert {code for address, code in closed.items() if "candidates" in address or "packet" in address} == {403}
    assert {code for address, code in closed.items() if "/answer/" in address} == {404}
    # A refusal names none of it either, nor how much there is; whoever opened the list reads it all.
    lead = type(other.lead).objects.get(pk=other.lead.pk)
    words = " ".join(verdict.sentence for verdict in policy.explain(people.okafor, "warrant.apply", lead))
    assert words.count(KEPT) == 2 and not re.search(f"exclude|{dark.number}|items? point", words)
    with pytest.raises(PolicyDenied, match="kept from you"):
        exculpatory.answer(entry=lead.exculpatory.last(), actor=people.okafor, outcome="explained", text="The light.")
    for search in SearchRequest.objects.filter(candidates__snapshot__published_name=NAMES[0]).distinct():
        make.open_list(search, people.okafor)
    words = " ".join(verdict.sentence for verdict in policy.explain(people.okafor, "warrant.apply", lead))
    assert f"exclude (candidate 3 of {dark.number})" in words and "items point" in words
    # The same addresses say all of it to a captain: the patterns are what is written there.
    sign_in(client, people.marsh)
    seen = " ".join(client.get(address).content.decode(errors="replace") for address in also if ".pdf" not in address)
    assert all(said in seen for said in (*NAMES, BASIS, f"{dark.number}/candidates/"))


def test_the_second_examiner_reads_nothing_of_it_either(client, people, other, dark):
    for rank in (1, 4):
        make.examined(dark.candidates.get(rank=rank), people.okafor, 1, fits=BASIS)
    asked = make.opened_blind(make.drawn(dark.candidates.get(rank=1), people.aldana))
    sign_in(client, people.aldana)
    assert leaks(client, dark, asked.get_absolute_url(), *addresses(dark, other), least=60) == {}


def test_he_compares_one_at_a_time_in_his_own_order_and_then_reads_the_list(client, people, dark):
    order = [one.rank for one in in_his_order(dark, people.okafor)]
    assert order == [one.rank for one in in_his_order(dark, people.okafor)] and sorted(order) == [1, 2, 3, 4]
    sign_in(client, people.okafor)
    page = client.get(dark.get_absolute_url()).content.decode()
    assert "Four faces to compare" in page and page.count(">Not compared<") == 2 and "2 of 4 compared" in page
    places = [place for place, rank in enumerate(order, start=1) if rank in (1, 4)]
    differs = {"c_ears": "different", "n_ears": "Attached lobes here, free ones there.", "does_not_fit": "Nothing."}
    for place, following in zip(places, (*places[1:], None), strict=True):
        assert is_dark(dark, people.okafor) and not ExaminationRequest.objects.filter(candidate__search=dark).exists()
        address = reverse("leads:examine-first", args=[dark.number, place])
        page = client.get(address).content.decode()
        assert "You see only the two pictures." in page
        assert client.get(reverse("leads:listed-face", args=[dark.number, place])).status_code == 200
        shown = {FIELD: unescape(re.search(NEXT.format(FIELD), page)[1])}
        assert client.post(reverse("leads:first-draft", args=[dark.number, place]), differs).status_code == 200
        saved = client.get(address).content.decode()
        assert "Attached lobes" in saved and "<span data-answered>1</span> of 19" in saved
        # What excludes nobody leaves nothing open, and an exclusion rests on a difference.
        refused = client.post(address, shown | differs | {"conclusion": "inconclusive", "basis": "Too dark."})
        assert refused.status_code == 422 and "Answer: nose." in refused.content.decode()
        refused = client.post(
            address, shown | {"conclusion": "exclude", "basis": "Quite another.", "does_not_fit": "No."}
        )
        assert refused.status_code == 422
        answer = client.post(address, shown | differs | {"conclusion": "exclude"})
        goes_on = (
            reverse("leads:examine-first", args=[dark.number, following]) if following else dark.get_absolute_url()
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, goes_on)
    made = Examination.objects.get(candidate=dark.candidates.get(rank=1))
    assert made.basis == "Ears: Attached lobes here, free ones there."
    assert [key for key in COMPONENTS if made.components[key]["value"] != "left_open"] == ["ears"]
    looks = Conduct.objects.filter(action="examination.opened", actor=people.okafor, subject_id=str(dark.pk))
    assert {look.detail["looked_at"] for look in looks} == {f"face {place}" for place in places}
    # With the last listed one, whatever it scored, the list opens and each at or above the bar is sent on.
    assert not is_dark(dark, people.okafor)
    assert NAMES[0] in client.get(dark.get_absolute_url()).content.decode()
    gone = client.get(reverse("leads:examine-first", args=[dark.number, 1]))
    assert gone.headers["Location"] == dark.get_absolute_url()
    assert client.get(reverse("leads:examine-first", args=[dark.number, 9])).status_code == 404
    assert people.case.timeline.filter(headline=f"Each face of {dark.number} is compared.").count() == 1


def test_who_opens_the_list_before_is_on_the_record_and_examines_none_of_it(client, people, dark):
    sign_in(client, people.okafor)
    assert client.post(reverse("leads:open-list", args=[dark.number])).status_code == 302
    assert Decision.objects.filter(actor=people.okafor, action="candidates.open", outcome="allowed").count() == 1
    assert NAMES[0] in client.get(dark.get_absolute_url()).content.decode()
    found = dark.candidates.get(rank=1)
    assert 'name="c_eyes"' not in client.get(found.get_absolute_url()).content.decode()
    assert client.post(reverse("leads:open-list", args=[dark.number])).status_code == 403, "nothing is kept any more"
    with pytest.raises(PolicyDenied, match="You opened the whole list"):
        make.concluded(found, people.okafor, 1)
    with pytest.raises(IntegrityError, match="Who opened a list before"), transaction.atomic():
        make.allowed_on(people.okafor, "review.conclude", found)
        Examination.objects.create(
            candidate=found, examiner=people.okafor, position=1, components=make.answers(), conclusion="exclude",
            basis="The ears differ.", does_not_fit="The ears.", certificate=people.okafor.certificates.first(),
        )  # fmt: skip
    assert is_dark(dark, people.raman)
    assert make.concluded(found, people.raman, 1).position == 1


def test_nobody_above_the_bar_is_told_at_once(client, people):
    found = make.candidate(people, score=60)
    sign_in(client, people.okafor)
    page = client.get(found.search.get_absolute_url()).content.decode()
    assert "Nobody above the bar" in page and "Devin Harrow" in page
