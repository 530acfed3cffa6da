"""`python -m tests.attacks.fill`: fill this process's database with the world of the permission matrix; print its names.

Runs as the application's role, through the services, as people do it: what is attacked afterwards was made lawfully.
"""

import json
import os
import subprocess
import sys

import django

from tests.attacks.battlefield import ROOT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
django.setup()


def main() -> None:
    """One whole agency, committed."""
    from ecpd.audit.functions import OWNER_AT_WORK
    from tests.attacks import rows
    from tests.attacks.who_acts import LENIENT
    from tests.owners_hand import EVERYBODY
    from tests.permissions import world as worlds
    from tests.permissions.test_matrix import TABLES

    with rows.by_the_owner() as cursor:
        cursor.execute(EVERYBODY.sql)  # accounts are made as in every test
    worlds.check, worlds.failed_stamp = by_the_sealer, stamp_by_the_sealer
    world = worlds.World()
    for table in TABLES:
        if hasattr(table, "prepare"):
            table.prepare(world)
    a_second_of_everything(world)
    with rows.by_the_owner() as cursor:
        # A manual that took effect within the minute leaves the one before in force: an attack tries that one.
        cursor.execute(
            "UPDATE policy_manualversion SET effective_from = effective_from - interval '2 minutes'; "
            "UPDATE policy_amendment SET effective_at = effective_at - interval '2 minutes'"
        )
        for function in LENIENT:
            cursor.execute(function.sql)
        cursor.execute(OWNER_AT_WORK.sql)
    people = {f"user_{name}": user.pk for name, user in world.users.items()}
    print(json.dumps(dict(world.names) | people, default=str))


def by_the_sealer(*, started_by):
    """A verification as an auditor asks for it, and a time stamp beside it: the sealer's own process carries both out.

    Nobody answers where stamps are made.
    """
    from ecpd.audit.models import ChainCheck
    from ecpd.audit.services import ask_for_check, ask_for_stamp

    ask_for_check(requested_by=started_by)
    ask_for_stamp()
    command = [sys.executable, "manage.py", "seal_audit", "--once"]
    nowhere = os.environ | {"ECPD_TIMESTAMP_URL": "http://127.0.0.1:9/"}
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=nowhere)
    return ChainCheck.objects.latest("pk")


def stamp_by_the_sealer():
    """The time stamp that was asked for and failed."""
    from ecpd.audit.models import Stamp

    return Stamp.objects.latest("pk")


def a_second_of_everything(world) -> None:
    """What a row could be moved to: another case, source, reader, rule of a curb, hotlist; a reminder; a new manual."""
    from datetime import timedelta

    from django.utils import timezone

    from cases.models import NibrsOffense
    from cases.services.case import open_case
    from ecpd.policy import engine as policy
    from ecpd.policy.services import approve_amendment, propose_amendment
    from parking.models import CurbPolicy, Permit, PermitReminder
    from parking.services import hotlist
    from tests.attacks import rows
    from tests.factories import parking
    from tests.factories.leads import a_source

    made, manager = world.agency, world.users["parking_manager"]
    other = open_case(
        actor=made.aldana, title="Another matter", captain=made.marsh, offense=NibrsOffense.objects.first()
    )
    source = a_source(made.marsh, "Another paper")
    device, _ = parking.reader(manager)
    rule = CurbPolicy.objects.first()
    with policy.door(manager, "zone.change"):
        CurbPolicy.objects.create(priority=5, content=rule.content, words="Two hours", published_at=rule.published_at,
                                  added_by=manager)  # fmt: skip
    listed = hotlist.enter_hotlist(actor=manager, kind="stolen_vehicle", source="Another list", reason="A second list",
                                   expires_on=timezone.localdate() + timedelta(days=30))  # fmt: skip
    hotlist.add_entry(hotlist=listed, actor=manager, plate="9XYZ999", plate_state="US-CA")
    PermitReminder.objects.create(kind="soon", permit=Permit.objects.first())
    rows_of_what_the_world_has_none(world)
    world.names |= rows.of_accounts(world) | rows.of_last_week()
    rows.of_the_portal()
    rows.of_keys()
    amendment = propose_amendment(actor=made.marsh, changes={"certificate_months": 11}, reason="Shorter is safer here.",
                                  effective_on=timezone.localdate())  # fmt: skip
    approve_amendment(amendment=amendment, actor=made.chief, reason="Agreed, a month less.")
    with rows.by_the_owner() as cursor:  # nobody accepted this case in time
        cursor.execute("UPDATE leads_searchrequest SET accept_by = now() - interval '1 hour' WHERE case_id = %s",
                       [world.names["late_case_id"]])  # fmt: skip
    world.names |= {"other_case_id": other.pk, "other_source": source.pk, "other_device": device.pk,
                    "other_hotlist": listed.pk, "amendment_approved": amendment.pk}  # fmt: skip


def rows_of_what_the_world_has_none(world) -> None:
    """A row of each table that the permission matrix needs none of."""
    from django.utils import timezone

    from cases.models import CaseNote, NotSamePerson, Person
    from ecpd.policy import engine as policy
    from leads.models import (
        Candidate,
        ExaminationDraft,
        GallerySource,
        GallerySubject,
        ImportBatch,
        ImportReject,
        ProbeFaces,
        SearchDraft,
        SearchReplay,
        SearchRequest,
    )
    from parking.models import Citation, CurbSpace, LedgerEntry, Permit, PermitTry, PermitWarning, Zone

    made, manager = world.agency, world.users["parking_manager"]
    people = Person.objects.filter(case=made.case)
    with policy.door(made.okafor, "case.contribute", made.case):
        CaseNote.objects.create(case=made.case, author=made.okafor, text="Asked the neighbors.")
        NotSamePerson.objects.create(case=made.case, person_a=people[0], person_b=people[2], reason="Another birthday",
                                     recorded_by=made.okafor)  # fmt: skip
    GallerySubject.objects.create(source=GallerySource.objects.first(), published_name="Ann Quill", external_id="q-1")
    SearchDraft.objects.create(
        probe=ProbeFaces.objects.first().evidence, user=made.okafor, data={"facts": "Half a sentence"}
    )
    ExaminationDraft.objects.create(candidate=Candidate.objects.first(), examiner=made.okafor, data={"basis": "Half"})
    ImportReject.objects.create(batch=ImportBatch.objects.first(), name="a.jpg", code="no_face", reason="No face.")
    done = SearchRequest.objects.filter(state="done").earliest("pk")
    with policy.door(made.okafor, "search.replay", done) as decision:
        SearchReplay.objects.create(search=done, by=made.okafor, same=True, decision=decision)
    a_face_without_a_template(made)
    from parking.services import abandoned
    from parking.services.zone import label_streets

    zone = Zone.objects.first()
    with policy.door(zone.added_by, "zone.change", None):
        CurbSpace.objects.create(zone=zone, number=1, name="Space 1", geometry=zone.geometry, published_at=timezone.now(),
                                 updated_at=timezone.now())  # fmt: skip
    line = {"type": "LineString", "coordinates": [[0, 0], [0, 1]]}
    label_streets(actor=zone.added_by, streets=[("Alder Street", line)])
    PermitTry.objects.create(kind="link", address="192.0.2.1", about="a")
    abandoned.report(actor=world.users["parking_officer"], kind="stored_72h", source="citizen", vehicle="A gray van",
                     place="Alder Street 1200 block")  # fmt: skip
    permit, words = Permit.objects.first(), "Shown twice a day"
    with policy.door(manager, "permit.change", permit, justification=words, change="warn") as decision:
        PermitWarning.objects.create(permit=permit, words=words, by=manager, decision=decision)
    unpaid = Citation.objects.filter(state="issued", holds=None, contests=None).last()
    LedgerEntry.objects.create(citation=unpaid, kind="payment", amount_cents=-500, on=timezone.localdate(),
                               reference="check 1", by=manager)  # fmt: skip


def a_face_without_a_template(made) -> None:
    """In a photo of its own; and a model card that somebody kept."""
    from dataclasses import replace

    from leads.recognition import card as cards
    from leads.services.card import keep_card
    from tests.factories import leads as make

    make.gallery_face(made)
    keep_card(card=replace(cards.shipped()[0], data="A folder of this agency", people=3), actor=made.administrator)


if __name__ == "__main__":
    main()
