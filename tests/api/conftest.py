"""An agency with a whole chain from case to application, and people who come in by token."""

from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from ecpd.accounts import rehearsal
from ecpd.accounts.api_tokens import make_token
from ecpd.accounts.models import User
from leads.models import Candidate, Lead, SearchRequest, WarrantApplication
from leads.services import warrant
from tests.factories.leads import Agency, agency, marked_lead
from tests.story import copy_of, settle


@dataclass
class Chain:
    """What stands in the case: a search that is done, its candidate, a lead, an application."""

    search: SearchRequest
    candidate: Candidate
    lead: Lead
    application: WarrantApplication


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    """An empty vault for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def begun(kept) -> Agency:
    """The agency and its case, with which all tests of a module begin."""
    people = agency()
    settle()
    return people


@pytest.fixture
def people(begun, db) -> Agency:
    """A copy of it."""
    return copy_of(begun)


@pytest.fixture
def chain(people) -> Chain:
    """The case with everything the API speaks of."""
    made = marked_lead(people)
    application = warrant.apply_for_warrant(
        lead=made, actor=people.okafor, statement="A fingerprint on the drawer.", does_not_fit="Nothing known."
    )
    return Chain(made.candidate.search, made.candidate, made, application)


def token(user: User) -> str:
    """The account's token, as the Authorization header wants it; the account has a second factor."""
    rehearsal.app_of(user)
    return f"Token {make_token(owner=user, name='Tests', scope='all', days=1)[1]}"


@pytest.fixture
def api():
    """A client of the API that comes in by somebody's token."""

    def client(user: User) -> APIClient:
        signed_in = APIClient()
        signed_in.credentials(HTTP_AUTHORIZATION=token(user))
        return signed_in

    return client


def rules_of(problem) -> set[str]:
    """The rules that kept the door shut, as a refusal names them."""
    return {verdict["rule_id"] for verdict in problem["verdicts"] if verdict["outcome"] != "met"}


def is_problem(response, status: int, code: str) -> bool:
    """Whether an answer is a problem document of this status and code."""
    problem = response.json()
    members = {"type", "title", "status", "detail", "code"}
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    assert members <= set(problem)
    assert problem["type"] == f"urn:ecpd:problem:{problem['code']}"
    return (problem["status"], problem["code"]) == (status, code)
