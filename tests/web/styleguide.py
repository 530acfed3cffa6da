"""Every component on one page, with invented content: what the look and accessibility tests open."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.pagination import filter_links

VERDICTS = [
    SimpleNamespace(
        outcome="met", rule_id="FR-07", sentence="Match score 97.1 is 95 or more.", remedy="", blocks=False
    ),
    SimpleNamespace(
        outcome="unmet",
        rule_id="FR-10",
        sentence="No independent evidence is verified yet.",
        remedy="Det. Aldana verifies E-05. You linked it, so you can’t verify it yourself.",
        blocks=True,
    ),
    SimpleNamespace(
        outcome="needs_words",
        rule_id="FR-18",
        sentence="Two items point away and have no answer yet.",
        remedy="Write, for each, how it is explained or why it stays open.",
        blocks=True,
    ),
]
STEPS = [
    {"state": "done", "title": "Probe", "text": "E-03, face A", "detail": "Quality passed, not edited", "url": "#e"},
    {"state": "done", "title": "Search", "text": "S-25-0231, Det. Okafor", "detail": "Rank 1, score 97.1"},
    {"state": "blocked", "title": "Evidence", "text": "0 of 1 verified", "detail": "2 on the way"},
    {"state": "locked", "title": "Warrant", "text": "Not started", "detail": "Capt. Marsh decides"},
]
BOXES = [
    {"key": "a", "label": "A", "x": 296, "y": 150, "width": 144, "height": 182, "selected": True},
    {"key": "b", "label": "B", "x": 487, "y": 222, "width": 52, "height": 62, "selected": False},
]
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 400'%3E"
    "%3Crect width='320' height='400' fill='%23cfd6dd'/%3E"
    "%3Ccircle cx='160' cy='170' r='90' fill='%238d9aa7'/%3E%3C/svg%3E"
)


class SpecimenForm(UswdsFormMixin, forms.Form):
    """One field of every kind."""

    origin = forms.CharField(
        label="Where did it come from?",
        help_text="Who gave it to you, how and when.",
        error_messages={"required": "Say who gave it to you, how and when."},
    )
    purpose = forms.ChoiceField(choices=[("suspect", "Identify a suspect"), ("witness", "Identify a witness")])
    reason = forms.CharField(label="Reason, in your own words", widget=forms.Textarea)
    conclusion = forms.ChoiceField(
        label="Your conclusion",
        choices=[("possible", "Possible match"), ("no", "Not a match")],
        widget=TileRadios(descriptions={"possible": "Similar throughout.", "no": "At least one difference."}),
    )
    sources = forms.MultipleChoiceField(
        choices=[("a", "News sites"), ("b", "City archive")], widget=forms.CheckboxSelectMultiple, required=False
    )
    read = forms.BooleanField(label="I read the packet")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    picture = forms.FileField(label="Picture", help_text="JPEG, PNG or HEIC, up to 200 MB.", required=False)


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page."""
    messages.success(request, "E-09 added. SHA-256 recorded, original locked.")
    messages.error(request, "The file ends halfway. Copy it again from the original.")
    return render(request, "web_tests/styleguide.html", specimens(request))


def specimens(request: HttpRequest) -> dict[str, Any]:
    """The content of every component."""
    return {
        "verdicts": VERDICTS,
        "met": VERDICTS[:1],
        "steps": STEPS,
        "boxes": BOXES,
        "picture": PICTURE,
        "now": timezone.now(),
        "form": SpecimenForm(),
        "wrong": SpecimenForm({}, prefix="wrong"),
        "page": Paginator(range(95), 10).page(3),
        "links": filter_links(request, "policy", [("ok", "Allowed", 9), ("no", "Denied", 2)], total=12),
        "kv": [("Source", "Regional news site"), ("Eyes", "71 px apart")],
        "features": [
            ("f1", "Face shape", "similar"),
            ("f2", "Nose: bridge, tip, nostrils", ""),
            ("f3", "Ears", "not_visible"),
        ],
    }
