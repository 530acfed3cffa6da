"""The agency's hours in the database, first version. Do not edit: a migration refers to it; a change is a version 2.

The holidays are those of `clocks.does_not_count` from 2024 to 2050, written down because some follow the moon. A test
compares both day by day: when the package that knows them learns of another, that test fails, and a version 2 is due.
"""

from pathlib import Path

from ecpd.audit.pinned import FunctionV1

DAYS = Path(__file__).with_name("holidays_v1.txt").read_text().split()

# As `clocks.open_hours_after`: hours of open days on the city's wall clock (Vehicle Code 22852).
OPEN_HOURS_AFTER = FunctionV1(
    "ecpd_open_hours_after",
    "since timestamptz, hours numeric",
    "timestamptz",
    f"""
DECLARE
    holidays constant date[] := '{{{",".join(DAYS)}}}';
    at timestamp := since AT TIME ZONE 'America/Los_Angeles';
    remaining interval := make_interval(secs => (hours * 3600)::double precision);
    midnight timestamp;
BEGIN
    LOOP
        midnight := at::date + 1;
        IF extract(isodow FROM at) < 6 AND NOT at::date = ANY (holidays) THEN
            IF at + remaining <= midnight THEN
                RETURN (at + remaining) AT TIME ZONE 'America/Los_Angeles';
            END IF;
            remaining := remaining - (midnight - at);
        END IF;
        at := midnight;
    END LOOP;
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
)
