"""Cases and what stands in them. Rows of a page are made in bulk, everything else through the services."""

import io
from datetime import timedelta

import factory
from django.utils import timezone
from PIL import Image

from cases.models import Case, Evidence, NibrsOffense, Person
from cases.services.case import open_case
from cases.services.evidence import add_evidence
from cases.services.person import add_person


class CaseFactory(factory.django.DjangoModelFactory):
    """A case as a row, without assignment or timeline; give it `opened_by`."""

    class Meta:
        model = Case

    year = 2020
    serial = factory.Sequence(lambda number: number + 1)
    case_number = factory.LazyAttribute(lambda case: f"{case.year % 100:02d}-{case.serial:06d}")
    title = factory.Sequence(lambda number: f"Burglary at house {number}, Pine Street")
    location = "Pine Street"
    offense = factory.LazyFunction(lambda: NibrsOffense.objects.get(pk="220"))


def opened(actor, **fields) -> Case:
    """A case opened through the door."""
    facts = {
        "title": "Robbery at Marlow Market",
        "incident_number": "26-014233",
        "offense": NibrsOffense.objects.get(pk="120"),
    }
    return open_case(actor=actor, **{**facts, **fields})


def exhibit(case: Case, actor, **fields) -> Evidence:
    """An exhibit added through the door: a small picture unless said otherwise."""
    facts = {
        "kind": "photo",
        "title": "Register camera",
        "origin_kind": "business_camera",
        "origin": "Store owner, by consent",
        "obtained_at": timezone.now() - timedelta(hours=2),
        "file": picture(),
        "file_name": "camera.jpg",
    }
    return add_evidence(case=case, actor=actor, **{**facts, **fields})


def somebody(case: Case, actor, name: str, role: str = "witness", **fields) -> Person:
    """A person entered through the door."""
    return add_person(case=case, actor=actor, role=role, name=name, **fields)


def picture(mode: str = "RGB", kind: str = "JPEG", size: tuple[int, int] = (40, 30), **save) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **save)
    return out.getvalue()
