"""The product's pages and those that only tests open."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from ecpd.policy.errors import PolicyDenied
from ecpd.policy.verdicts import Outcome, Verdict
from ecpd.problem import StaleState
from ecpd.urls import urlpatterns as product
from tests.web.styleguide import styleguide

REFUSAL = [
    Verdict("FR-07", Outcome.MET, "Match score 97.1 is 95 or more."),
    Verdict("FR-10", Outcome.UNMET, "No independent evidence is verified yet.", "Det. Aldana verifies E-05."),
]


def refused(request: HttpRequest) -> HttpResponse:
    """A view whose service was refused."""
    raise PolicyDenied(REFUSAL, action="lead.mark_for_warrant", decision_id=90455)


def stale(request: HttpRequest) -> HttpResponse:
    """A view whose service came too late."""
    raise StaleState("Det. Aldana decided it at 3:12 pm. Reload the page.")


def unusable(request: HttpRequest) -> HttpResponse:
    """A view that catches nothing of what its service says of the values."""
    raise ValidationError({"reason": ["This field cannot be blank."], "terms": ["“Terms” says nothing."]})


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a bug."""
    raise ZeroDivisionError


urlpatterns = [
    *product,
    path("styleguide/", styleguide),
    path("refused/", refused),
    path("stale/", stale),
    path("unusable/", unusable),
    path("broken/", broken),
]
