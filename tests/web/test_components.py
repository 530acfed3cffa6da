"""The components keep their promises: the sentence of FR-09, reasons beside blocked buttons, no inline anything."""

import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags
from django_cotton import render_component

from tests.signing_in import sign_in
from tests.web.styleguide import BOXES, VERDICTS


def render(component: str, /, **attrs) -> str:
    """A component as HTML."""
    return render_component(RequestFactory().get("/"), component, attrs)


def words(html: str) -> str:
    """Its text alone."""
    return " ".join(strip_tags(html).split())


def test_the_lead_only_sentence_stands_word_for_word():
    assert words(render("leadonly")) == "Investigative lead only. Not an identification. Not probable cause."


@pytest.mark.parametrize("kind", ["done", "info", "wait", "warn", "stop", "lock"])
def test_a_status_has_icon_word_and_color(kind):
    html = render("status", kind=kind, text="So it is")
    assert f"st--{kind}" in html
    assert "sprite.svg#" in html
    assert words(html) == "So it is"


def test_each_verdict_says_how_it_stands_and_what_would_satisfy_it():
    text = words(render("checks", verdicts=VERDICTS))
    assert "Met: Match score 97.1 is 95 or more." in text
    assert "Not met: No independent evidence is verified yet." in text
    assert "Needs a written justification: Two items point away" in text
    assert "To satisfy: Det. Aldana verifies E-05." in text


def test_the_checklist_counts_what_is_missing():
    assert "1 not met, 1 to write" in words(render("checklist", verdicts=VERDICTS))
    assert "All met" in words(render("checklist", verdicts=VERDICTS[:1]))


def test_a_blocked_button_stays_focusable_and_says_why():
    html = render("button", text="Mark for warrant", id="mark", blocked=True, reasons="E-05 isn't verified.")
    assert 'aria-disabled="true"' in html
    assert 'aria-describedby="mark-why"' in html
    assert 'id="mark-why"' in html
    assert " disabled" not in html


def test_an_open_button_carries_no_reason():
    html = render("button", text="Mark for warrant", id="mark", blocked=False, reasons="E-05 isn't verified.")
    assert "aria-disabled" not in html
    assert "mark-why" not in html


def test_a_score_under_the_mark_is_neither_colored_nor_rounded_up():
    html = render("score", value=94.99, mark=95)
    assert "94.9" in html
    assert "is-over" not in html
    assert "is-over" in render("score", value=95, mark=95)


def test_the_mark_follows_the_manual():
    assert 'd="M97 -3V11"' in render("score", value=96, mark=97)
    assert "is-over" not in render("score", value=96, mark=97)


def test_no_feature_answer_is_preset():
    assert not re.search(r"\schecked", render("feature", name="ears", label="Ears"))


def test_a_recorded_feature_answer_is_shown_and_locked():
    html = render("feature", name="ears", label="Ears", value="different", locked=True)
    assert re.search(r'value="different"\s+checked', html)
    assert re.search(r"<fieldset[^>]*\sdisabled", html)


def test_the_chosen_face_is_marked_on_the_picture():
    html = render("boxes", src="/p.jpg", alt="Still", width=960, height=600, boxes=BOXES)
    assert html.count("is-on") == 1
    assert 'viewBox="0 0 960 600"' in html


def test_a_chain_says_where_it_stopped():
    standing = {"Probe": "done", "Evidence": "blocked", "Warrant": "todo"}
    steps = [{"title": title, "state": state} for title, state in standing.items()]
    html = render("chain", steps=steps)
    assert words(html) == "Probe: done Evidence: stopped here Warrant: not yet"
    assert html.count('aria-current="step"') == 1


def test_live_progress_asks_again_only_while_running_and_never_counts_as_activity():
    running = render("progress", title="Running", url="/searches/7/progress/", running=True, steps=[])
    assert 'hx-get="/searches/7/progress/"' in running
    assert "X-ECPD-Poll" in running
    assert "hx-get" not in render("progress", title="Done", url="/searches/7/progress/", running=False, steps=[])


def test_words_of_a_user_are_escaped():
    verdict = SimpleNamespace(outcome="met", rule_id="FR-02", sentence="<script>alert(1)</script>", remedy="")
    assert "<script>" not in render("checks", verdicts=[verdict])
    assert "<script>" not in render("candidate", rank=1, source="<script>x</script>", score=1)


def test_no_page_needs_an_exception_from_the_content_security_policy(client, investigator, specimen_pages):
    sign_in(client, investigator)
    page = client.get("/styleguide/").content.decode()
    assert "<c-" not in page
    assert not re.search(r'\s(style|on\w+)="', page)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)


def test_a_print_names_who_printed_it_and_when(rf):
    request = rf.get("/")
    request.user = SimpleNamespace(display_name="Det. Renee Okafor", is_authenticated=False)
    text = words(render_to_string("base_print.html", {"manual": None}, request))
    assert re.search(r"Printed by Det. Renee Okafor, \w{3} \d+, \d{4}, \d+:\d\d [ap]m Pacific.", text)
