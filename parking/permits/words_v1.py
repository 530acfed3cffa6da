"""The words of an address that have a short form or say nothing, first version. Do not edit: the database's function is made
of them (parking.household_v1); a change is a version 2."""

SHORT = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "DRIVE": "DR", "ROAD": "RD", "LANE": "LN",
    "COURT": "CT", "PLACE": "PL", "TERRACE": "TER", "CIRCLE": "CIR", "HIGHWAY": "HWY", "PARKWAY": "PKWY",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
}  # fmt: skip
UNIT_WORDS = frozenset({"APT", "APARTMENT", "UNIT", "NO", "NUMBER", "STE", "SUITE", "RM", "ROOM"})
