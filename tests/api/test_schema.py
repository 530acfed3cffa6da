"""The API's OpenAPI schema is valid and says of every answer what it is."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = {"get", "post", "put", "patch", "delete"}
OURS = ("cases", "evidence", "searches", "candidates", "leads", "applications")


@pytest.fixture
def schema(api, people) -> dict:
    """The schema as it is served."""
    response = api(people.auditor).get("/api/schema/?format=json")
    assert response["Content-Type"].startswith("application/vnd.oai.openapi+json")
    return response.json()


@pytest.fixture
def operations(schema) -> list[dict]:
    """Every operation of cases and leads."""
    paths = {path: methods for path, methods in schema["paths"].items() if path.split("/")[2] in OURS}
    return [operation for methods in paths.values() for name, operation in methods.items() if name in METHODS]


def resolved(schema: dict, answer: dict) -> dict:
    """The schema of one row of an answer: of a page its results, of a list its items."""
    found = next(iter(answer["content"].values()))["schema"]
    found = found.get("items", found)
    component = schema["components"]["schemas"][found["$ref"].rsplit("/", 1)[1]]
    if "results" in component["properties"]:
        return schema["components"]["schemas"][component["properties"]["results"]["items"]["$ref"].rsplit("/", 1)[1]]
    return component


def test_the_schema_is_valid(schema):
    validate_schema(schema)


def test_the_schema_is_made_without_a_warning():
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS


def test_every_endpoint_is_in_it(schema):
    assert {path.split("/")[2] for path in schema["paths"]} >= set(OURS)


def test_every_operation_may_end_in_a_problem_document(operations):
    assert len(operations) >= 16
    for operation in operations:
        for status in ("401", "403", "404", "default"):
            content = operation["responses"][status]["content"]
            assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_fr_09_stands_in_the_shape_of_every_answer(schema, operations):
    spoken_of = [one for one in operations if one["tags"][0] in ("searches", "candidates", "leads", "applications")]
    assert len(spoken_of) >= 10
    for operation in spoken_of:
        answer = operation["responses"].get("200") or operation["responses"]["201"]
        assert "notice" in resolved(schema, answer)["required"], operation["operationId"]


def test_an_upload_is_a_file_and_nothing_read_only_is_asked_for(schema):
    uploaded = schema["components"]["schemas"]["EvidenceUploadRequest"]["properties"]["file"]
    assert uploaded["format"] == "binary"
    assert "case_number" not in schema["components"]["schemas"]["CaseRequest"]["properties"]
