"""Pages of zones: found, drawn, given other rules, ended; imports say every fault or take everything."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parking.curbs.types import Activity, CurbArea, CurbPolicy, CurbRule, CurbSet, CurbSpace
from parking.models import CurbImport, Zone, ZonePolicy
from parking.services import zone as zones
from tests.factories import parking as make
from tests.shown import decide
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[-122.3001, 37.9001], [-122.3001, 37.9009]]}
DRAWN = {"geometry": json.dumps(LINE), "street": "Oak Street", "side": "E", "scope": "block_face",
         "rule-what": "limit", "rule-limit_minutes": "120", "rule-days": ["0", "1"], "rule-begin": "08:00",
         "rule-end": "18:00", "rule-permit": "permit_a"}  # fmt: skip


@pytest.fixture
def agency():
    """A street with two zones."""
    made = make.agency()
    make.street(made.manager)
    return made


@pytest.fixture
def manager(agency, client):
    """The manager's browser."""
    sign_in(client, agency.manager)
    return client


def test_zones_are_listed_with_their_rules_and_found_by_street(manager):
    page = manager.get(reverse("parking:zones"), {"q": "alder"}).content.decode()
    assert "Alder Street, E side" in page and "4 hours" in page
    assert "No zone matches" in manager.get(reverse("parking:zones"), {"q": "elm"}).content.decode()


def test_the_map_has_every_zone_with_its_words(manager):
    features = manager.get(reverse("parking:zone-features")).json()["features"]
    assert {feature["id"] for feature in features} == {make.EAST, make.WEST}
    assert {feature["properties"]["kind"] for feature in features} == {"limit"}


def test_a_zone_is_drawn_with_its_rule(manager):
    answer = manager.post(reverse("parking:zone-draw"), DRAWN)
    zone = Zone.objects.get(street="Oak Street")
    assert answer.status_code == 302
    assert not zone.enforced
    assert "2 hours" in zone.policy_links.get().policy.words


def test_a_zone_is_enforced_only_with_resolution_and_signs(manager):
    answer = manager.post(reverse("parking:zone-draw"), DRAWN | {"enforced": "on"})
    assert answer.status_code == 422
    assert "PK-16" in answer.content.decode()
    manager.post(reverse("parking:zone-draw"), DRAWN | {"enforced": "on", "resolution": "2026-44",
                                                        "signs_since": "2026-10-01"})  # fmt: skip
    assert Zone.objects.get(street="Oak Street").enforced


@pytest.mark.parametrize("geometry", ["", "{}", "[1,2]", '{"type":"Point","coordinates":[0,0]}',
                                      '{"type":"LineString","coordinates":[[0,0]]}', '{"type":"Polygon"}'])  # fmt: skip
def test_what_is_no_shape_is_refused_and_nothing_typed_is_lost(manager, geometry):
    answer = manager.post(reverse("parking:zone-draw"), DRAWN | {"geometry": geometry})
    assert answer.status_code == 422
    assert 'value="Oak Street"' in answer.content.decode()


def test_other_rules_stand_beside_the_old_ones_in_the_history(manager):
    url = reverse("parking:zone", args=[make.EAST])
    decide(manager, reverse("parking:zone", args=[make.EAST]),
                 {"rule-what": "no_parking", "rule-days": ["1"], "rule-weeks": ["1", "3"], "rule-begin": "08:00",
                  "rule-end": "10:00", "resolution": "2026-45"}, to=reverse("parking:zone-rules", args=[make.EAST]))  # fmt: skip
    page = manager.get(url).content.decode()
    assert "No parking" in page and "4 hours" in page
    assert ZonePolicy.objects.filter(zone=make.EAST, ends_at=None).count() == 1


def test_a_zone_ends_with_a_reason_only(manager):
    manager.post(reverse("parking:zone-end", args=[make.EAST]), {"end-reason": ""})
    assert Zone.objects.get(pk=make.EAST).ends_at is None
    decide(
        manager,
        reverse("parking:zone", args=[make.EAST]),
        {"end-reason": "The curb became a bus stop."},
        to=reverse("parking:zone-end", args=[make.EAST]),
    )
    assert Zone.objects.get(pk=make.EAST).ended_reason == "The curb became a bus stop."


def upload(manager, *documents, **fields):
    """Send files to the import page."""
    files = [SimpleUploadedFile(f"{n}.json", json.dumps(document).encode()) for n, document in enumerate(documents)]
    return manager.post(reverse("parking:zone-import"), {"files": files, "format": "cds"} | fields)


def exported(manager, version: str) -> list[dict]:
    """What the export holds."""
    archive = zipfile.ZipFile(io.BytesIO(manager.get(reverse("parking:zone-export"), {"version": version}).content))
    return [json.loads(archive.read(name)) for name in archive.namelist()]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_export_checks_clean_when_it_is_imported(manager, version):
    page = upload(manager, *exported(manager, version), only_check="on")
    assert page.status_code == 200
    assert "Nothing is wrong with it" in page.content.decode()
    assert Zone.objects.count() == 2


AREA, SPACE = "77777777-7777-4777-8777-777777777777", "88888888-8888-4888-8888-888888888888"


def archive(manager, version: str) -> bytes:
    """The export as a browser keeps it."""
    return manager.get(reverse("parking:zone-export"), {"version": version}).content


def send(manager, content: bytes, **fields):
    """One file to the import page."""
    sent = SimpleUploadedFile("curbs.zip", content, content_type="application/zip")
    return manager.post(reverse("parking:zone-import"), {"files": [sent], "format": "cds"} | fields)


@pytest.fixture
def two_of_an_area(agency):
    """Two more zones in an area, one with a numbered space; a third, drawn, whose rule begins at midnight."""
    ids = [f"9999999{n}-9999-4999-8999-999999999999" for n in (1, 2)]
    faces = [
        make.block_face(pk, side, area_ids=(AREA,), street="Elm Street") for pk, side in zip(ids, "EW", strict=True)
    ]
    curbs = CurbSet(
        zones=tuple(faces), policies=(make.four_hours(),), areas=(CurbArea(AREA, faces[0].geometry.buffer(0.001)),),
        spaces=tuple(CurbSpace(SPACE[:-1] + str(n), each.geometry, each.id, 1, 600) for n, each in enumerate(faces)),
    )  # fmt: skip
    zones.import_curbs(actor=agency.manager, curbs=curbs, file_name="elm", format="cds", sha256="0" * 64, enforced=True)
    return ids


def in_force() -> set[tuple[str, str]]:
    """Which policy holds in which zone."""
    return {(str(zone), str(policy)) for zone, policy in
            ZonePolicy.objects.filter(ends_at=None).values_list("zone", "policy")}  # fmt: skip


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_archive_of_an_export_is_imported_as_it_is_and_changes_nothing(agency, manager, two_of_an_area, version):
    night = DRAWN | {"rule-begin": "00:00", "rule-end": "06:00", "rule-weeks": ["1", "3"], "rule-except_holidays": "on"}
    assert manager.post(reverse("parking:zone-draw"), night).status_code == 302
    zones.end_zone(zone=Zone.objects.get(pk=two_of_an_area[0]), actor=agency.manager, reason="The curb is a bus stop.")
    before, count = in_force(), ZonePolicy.objects.count()
    answer = send(manager, archive(manager, version))
    assert answer.status_code == 302, answer.content.decode()
    assert CurbImport.objects.latest("pk").counts == {"zones": 4, "policies": 2, "areas": 1, "spaces": 1}
    assert (in_force(), ZonePolicy.objects.count()) == (before, count)


def zipped(**files: bytes) -> bytes:
    """An archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [(zipped(a=b"no json at all"), "no JSON"), (zipped(**{f"f{n}": b"{}" for n in range(101)}), "too much"),
     (zipped(a=b"{}" * 10_000)[:60] + zipped(a=b"{}" * 10_000)[70:], "cannot be unpacked"), (zipped(), "Nothing was imported")],
    ids=["no json", "too many files", "damaged", "empty"],
)  # fmt: skip
def test_an_archive_that_is_no_curb_data_says_so_and_imports_nothing(manager, content, words):
    answer = send(manager, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CurbImport.objects.count() == 1


def test_the_export_page_says_what_a_version_leaves_out(manager):
    page = manager.get(reverse("parking:zone-export-page")).content.decode()
    assert "Everything is said." in page
    assert "resolution" in page and "of 2 zones: CDS 1.0 has no custom attributes" in page


def test_what_a_version_cannot_say_is_named_on_the_page_and_not_exported(agency, manager):
    rules = (CurbRule(Activity.NO_PARKING, user_classes_except=("permit-A",)), CurbRule(Activity.PARKING))
    told = CurbPolicy(SPACE, 20, rules, published_ms=make.PUBLISHED)
    zones.change_rules(zone=Zone.objects.get(pk=make.EAST), actor=agency.manager, policies=[told], resolution="2026-50")
    answer = manager.get(reverse("parking:zone-export"), {"version": "1.0"}, follow=True)
    page = answer.content.decode()
    assert "CDS 1.0 cannot say every rule. Nothing was exported." in page
    assert SPACE in page and "?version=1.1" in page and "?version=1.0" not in page
    assert send(manager, archive(manager, "1.1")).status_code == 302


def test_a_file_with_a_fault_imports_nothing_and_names_the_feature(manager):
    documents = exported(manager, "1.1")
    zones = next(document for document in documents if "zones" in document["data"])
    zones["data"]["zones"][0]["curb_policy_ids"] = ["55555555-5555-4555-8555-555555555555"]
    zones["data"]["zones"][1]["curb_zone_id"] = "66666666-6666-4666-8666-666666666666"
    page = upload(manager, *documents)
    assert page.status_code == 422
    assert make.EAST in page.content.decode() or make.WEST in page.content.decode()
    assert Zone.objects.count() == 2


def test_a_file_that_is_no_json_says_so(manager):
    bad = SimpleUploadedFile("zones.json", b"\xff\xfe not json")
    page = manager.post(reverse("parking:zone-import"), {"files": [bad], "format": "cds"})
    assert page.status_code == 422
    assert "UTF-8" in page.content.decode()


def test_an_officer_looks_and_changes_nothing(agency, client):
    sign_in(client, agency.officer)
    assert client.get(reverse("parking:zones")).status_code == 200
    for name in ("zone-draw", "zone-import"):
        assert client.get(reverse(f"parking:{name}")).status_code == 403
    assert (
        client.post(reverse("parking:zone-end", args=[make.EAST]), {"end-reason": "No reason at all."}).status_code
        == 403
    )
