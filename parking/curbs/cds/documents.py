"""CDS documents taken apart: one or several, with or without an envelope, one kind of object in each or all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parking.curbs.cds.vocabulary import VERSIONS
from parking.curbs.feature import Feature
from parking.curbs.types import CurbSet, Fault

IDS = {
    "zones": "curb_zone_id",
    "areas": "curb_area_id",
    "spaces": "curb_space_id",
    "policies": "curb_policy_id",
}
ENVELOPE = ("time_zone", "currency", "author", "license_url")


@dataclass
class Contents:
    """The objects of all documents by kind, each with the version of its document, and what the envelopes agree on."""

    zones: list[tuple[Feature, str]] = field(default_factory=list)
    areas: list[tuple[Feature, str]] = field(default_factory=list)
    spaces: list[tuple[Feature, str]] = field(default_factory=list)
    policies: list[tuple[Feature, str]] = field(default_factory=list)
    envelope: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def gather(documents: Iterable[Any]) -> Contents:
    """Everything the documents hold; what stands twice the same (pages overlap) is taken once."""
    contents = Contents()
    for place, document in enumerate(documents, start=1):
        name = f"document {place}"
        if isinstance(document, Mapping):
            _take(Feature(document, name, contents.faults), contents)
        else:
            contents.faults.append(Fault(name, "", "This is not a JSON object."))
    for kind in IDS:
        setattr(contents, kind, _once(kind, getattr(contents, kind), contents.faults))
    if not contents.faults and not any(getattr(contents, kind) for kind in IDS):
        contents.faults.append(Fault("document 1", "data", "There are no zones, areas, spaces or policies in this."))
    return contents


def _take(document: Feature, contents: Contents) -> None:
    version = _version(document)
    for name in ENVELOPE:
        _agree(document, name, contents.envelope)
    data = document.values.get("data", document.values)
    for kind, objects in _kinds(data):
        for place, value in enumerate(objects):
            where = f"{document.name}, {kind}[{place}]"
            if isinstance(value, Mapping):
                known = value.get(IDS[kind])
                name = known if isinstance(known, str) and known else where
                getattr(contents, kind).append((Feature(value, name, contents.faults), version))
            else:
                contents.faults.append(Fault(where, "", "This is not a JSON object."))


def _version(document: Feature) -> str:
    """1.0 or 1.1 of "1.0", "1.0.1", "1.1.0"; without an envelope 1.0 is meant."""
    told = document.text("version")
    version = ".".join(told.split(".")[:2]) or VERSIONS[0]
    if version in VERSIONS:
        return version
    document.fault("version", f'Version "{told}" is not read here; 1.0 and 1.1 are.')
    return VERSIONS[-1]


def _agree(document: Feature, name: str, envelope: dict[str, str]) -> None:
    value = document.text(name)
    if not value:
        return
    if envelope.setdefault(name, value) != value and name in ("time_zone", "currency"):
        document.fault(name, f'"{value}" here, "{envelope[name]}" in another document: they must be the same.')
    if name == "time_zone" and not _is_time_zone(value):
        document.fault(name, f'"{value}" is not the name of a time zone, such as "{CurbSet().time_zone}".')


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _kinds(data: Any) -> Iterable[tuple[str, list[Any]]]:
    """The lists of objects in a document's data; a single object or a bare list is known by its ids."""
    if isinstance(data, Mapping):
        named = [(kind, data[kind]) for kind in IDS if isinstance(data.get(kind), list)]
        if named:
            return named
        data = [data]
    if not isinstance(data, list):
        return []
    return [(kind, found) for kind, id_field in IDS.items() if (found := _with_id(data, id_field))]


def _with_id(objects: list[Any], id_field: str) -> list[Any]:
    """The objects that have this id as their own; a space names its zone, too."""
    return [
        value
        for value in objects
        if isinstance(value, Mapping)
        and id_field in value
        and (id_field != "curb_zone_id" or "curb_space_id" not in value)
    ]


def _once(kind: str, found: list[tuple[Feature, str]], faults: list[Fault]) -> list[tuple[Feature, str]]:
    kept: dict[str, tuple[Feature, str]] = {}
    for feature, version in found:
        key = feature.name.lower()
        if key not in kept:
            kept[key] = (feature, version)
        elif dict(kept[key][0].values) != dict(feature.values):
            faults.append(Fault(feature.name, IDS[kind], "Two objects with different content have this id."))
    return list(kept.values())
