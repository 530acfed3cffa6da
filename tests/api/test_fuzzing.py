"""The served schema against the served application: whatever is sent, the answer is one that the schema declares.

Examples are derived from the schema, their number is fixed, and each run draws the same ones.
"""

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from ecpd.wsgi import application
from tests.api.conftest import token

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method,
]  # fmt: skip
STEADY = hypothesis.settings(
    max_examples=8, derandomize=True, database=None, deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)  # fmt: skip


def _served():
    """The schema of cases and leads; parking's readers bring their own token in the address."""
    config = schemathesis.Config.from_dict({"seed": 7})
    whole = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True), config=config)
    whole.app = application
    return whole.exclude(path_regex="^/api/parking/")


served = _served()


@pytest.fixture(autouse=True)
def kept_connection(db):
    """The application keeps this test's connection after a request, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def real(people, chain) -> dict[str, dict[str, object]]:
    """What the addresses of rows that are there are made of, by the address they stand in."""
    return {
        "cases": {"case_number": people.case.case_number},
        "evidence": {"id": chain.search.probe_id},
        "searches": {"number": chain.search.number},
        "candidates": {"id": chain.candidate.pk},
        "leads": {"number": chain.lead.number},
        "applications": {"number": chain.application.number},
    }


@served.parametrize()
@STEADY
def test_an_investigator_sends_anything(case, people):
    ask(case, people.okafor)


@served.parametrize()
@STEADY
def test_an_auditor_sends_anything(case, people):
    ask(case, people.auditor)


@served.include(path_regex="{").parametrize()
@STEADY
def test_an_investigator_sends_anything_to_rows_that_are_there(case, people, real):
    case.path_parameters = real[case.path.split("/")[2]]
    ask(case, people.okafor)


@served.include(method="POST").exclude(path_regex="{").parametrize()
@STEADY
def test_an_investigator_sends_anything_about_a_case_of_his(case, people, chain):
    if isinstance(case.body, dict):
        case.body |= {name: value for name, value in {"case": people.case.case_number, "probe": 1, "offense": "120"}.items()
                      if name in case.body}  # fmt: skip
    ask(case, people.okafor)


def ask(case, user) -> None:
    """Send it as this person and check the answer."""
    case.call_and_validate(headers={"Authorization": token(user)}, checks=CHECKS)
