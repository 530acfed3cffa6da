"""Zones in the database: imported whole, exported and imported again to the same rules; what held when stays."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import DatabaseError

from ecpd.policy.errors import PolicyDenied
from parking.curbs.cds import read_cds, write_cds
from parking.curbs.curblr import read_curblr
from parking.models import CurbPolicy, Zone, ZonePolicy
from parking.selectors.curb_rows import curbs_in_force
from parking.services import zone as zones
from tests.conftest import SHARED
from tests.factories import parking as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    """People."""
    return make.agency()


def shared(name: str) -> dict:
    """A file of the shared curbs; only developers have them."""
    path = SHARED / "curbs" / name
    if not path.exists():
        pytest.skip("The curb files for measuring are not here (../shared/curbs).")
    return json.loads(path.read_text())


def put_in(agency, curbs):
    """Import a set."""
    return zones.import_curbs(actor=agency.manager, curbs=curbs, file_name="x", format="cds", sha256="0" * 64)


def rules_of(curbs) -> dict:
    """What holds in each zone: its policies by content."""
    policies = {policy.id: policy for policy in curbs.policies}
    return {zone.id: sorted((policies[name] for name in zone.policy_ids), key=lambda p: p.id) for zone in curbs.zones}


@pytest.mark.parametrize("source", ["cds", "curblr"])
def test_a_real_citys_curbs_import_whole_export_and_come_back_the_same(agency, source):
    if source == "cds":
        curbs = read_cds([shared("portland_west.cds_zones.json"), shared("portland_west.cds_policies.json")])
    else:
        curbs = read_curblr(shared("portland_west.curblr.json"))
    put_in(agency, curbs)
    kept = curbs_in_force()
    assert rules_of(kept) == rules_of(curbs)
    assert len(kept.zones) == Zone.objects.count() == len(curbs.zones)
    for version in ("1.0", "1.1"):
        again = read_cds(list(write_cds(kept, version).values()))
        assert rules_of(again) == rules_of(curbs)


def test_a_zone_without_resolution_is_imported_and_not_enforced(agency):
    make.street(agency.manager, resolution="")
    assert set(Zone.objects.values_list("enforced", flat=True)) == {False}


def test_enforcing_needs_resolution_and_signs(agency):
    zone = make.street(agency.manager, resolution="")["east"]
    with pytest.raises(PolicyDenied, match="PK-16"):
        zones.change_zone(zone=zone, actor=agency.manager, enforced=True)
    with pytest.raises(DatabaseError, match="pk_16"), transaction.atomic():
        Zone.objects.update(enforced=True)
    zones.change_zone(zone=zone, actor=agency.manager, enforced=True, resolution="Resolution 2026-12")
    assert Zone.objects.get(pk=zone.pk).enforced


def test_other_rules_keep_the_zone_and_the_old_ones_their_dates(agency):
    zone = make.street(agency.manager)["east"]
    two_hours = make.four_hours("44444444-4444-4444-8444-444444444444", minutes=120)
    zones.change_rules(zone=zone, actor=agency.manager, policies=[two_hours], resolution="Resolution 2026-20")
    links = ZonePolicy.objects.filter(zone=zone).order_by("pk")
    assert [link.ends_at is None for link in links] == [False, True]
    assert "2 hours" in links[1].policy.words


def test_a_policys_id_stands_for_its_content(agency):
    zone = make.street(agency.manager)["east"]
    changed = make.four_hours(make.FOUR_HOURS, minutes=60)
    with pytest.raises(ValidationError, match="other rules already"):
        zones.change_rules(zone=zone, actor=agency.manager, policies=[changed], resolution="Resolution 2026-20")
    with pytest.raises(DatabaseError), transaction.atomic():
        CurbPolicy.objects.update(words="")


def test_another_geometry_is_another_zone(agency):
    zone = make.street(agency.manager)["east"]
    with pytest.raises(DatabaseError, match="PK-16"), transaction.atomic():
        Zone.objects.filter(pk=zone.pk).update(geometry={})
    made = zones.redraw_zone(
        zone=zone, actor=agency.manager, geometry=Zone.objects.get(pk=make.WEST).geometry, reason="Surveyed anew."
    )
    zone.refresh_from_db()
    assert zone.ends_at is not None and made.previous == zone
    assert made.policy_links.filter(ends_at=None).count() == 1


def test_an_ended_zone_stays_ended(agency):
    zone = make.street(agency.manager)["east"]
    zones.end_zone(zone=zone, actor=agency.manager, reason="The curb became a bus stop.")
    with pytest.raises(DatabaseError, match="PK-16"), transaction.atomic():
        Zone.objects.filter(pk=zone.pk).update(ends_at=None)
    assert {each.id for each in curbs_in_force().zones} == {make.WEST}


def test_only_a_manager_changes_zones(agency):
    with pytest.raises(PolicyDenied, match="AC-08"):
        make.street(agency.officer)
    assert not Zone.objects.exists()
