"""Sightings and stays as JSON, and back: what a database row keeps of them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from parking.ingest.canonical import Vehicle
from parking.overtime.places import Places
from parking.overtime.sighting import Link, Sighting
from parking.overtime.stay import Absence, CameBack, Ending, Stay


def sighting_as_data(sighting: Sighting) -> dict[str, Any]:
    """A sighting as JSON keeps it; times in ISO 8601, UTC."""
    data = {name: getattr(sighting, name) for name in Sighting.__slots__}
    return data | {
        "at": sighting.at.isoformat(),
        "possible": [list(each) for each in sighting.possible],
        "vehicle": asdict(sighting.vehicle),
        "link": sighting.link.value,
        "reasons": list(sighting.reasons),
    }


def sighting_from_data(data: Mapping[str, Any]) -> Sighting:
    """The sighting that `sighting_as_data` wrote. Raises KeyError or ValueError for anything else."""
    return Sighting(
        **{
            **data,
            "at": datetime.fromisoformat(data["at"]),
            "possible": tuple((zone_id, chance) for zone_id, chance in data["possible"]),
            "vehicle": Vehicle(**data["vehicle"]),
            "link": Link(data["link"]),
            "reasons": tuple(data["reasons"]),
        }
    )


def stay_as_data(stay: Stay) -> dict[str, Any]:
    """A stay as JSON keeps it. Its place is kept by zone id: the zone itself is another row."""
    ended, back = stay.ended, stay.came_back
    return {
        "zone_id": stay.zone_id,
        "sightings": [sighting_as_data(each) for each in stay.sightings],
        "expires_at": stay.expires_at.isoformat(),
        "ended": ended and {
            "at": ended.at.isoformat(), "why": ended.why, "by": ended.by and sighting_as_data(ended.by),
        },
        "came_back": back and {
            "first_at": back.first_at.isoformat(), "last_at": back.last_at.isoformat(), "metres": back.metres,
        },
        "absences": [each.at.isoformat() for each in stay.absences],
    }  # fmt: skip


def stay_from_data(data: Mapping[str, Any], places: Places) -> Stay:
    """The stay that `stay_as_data` wrote. Raises KeyError when its zone is not among `places`."""
    ended, back = data["ended"], data["came_back"]
    return Stay(
        sightings=tuple(sighting_from_data(each) for each in data["sightings"]),
        place=places[data["zone_id"]],
        expires_at=datetime.fromisoformat(data["expires_at"]),
        ended=ended and Ending(
            datetime.fromisoformat(ended["at"]), ended["why"], ended["by"] and sighting_from_data(ended["by"])
        ),
        came_back=back and CameBack(
            datetime.fromisoformat(back["first_at"]), datetime.fromisoformat(back["last_at"]), back["metres"]
        ),
        absences=tuple(Absence(datetime.fromisoformat(at)) for at in data.get("absences", ())),
    )  # fmt: skip
