"""How fast entries are written and sealed, and how long a verification takes. In a scratch database only: rows are kept."""

import threading
import time
from dataclasses import dataclass

import psycopg

WRITE = """
INSERT INTO audit_conduct (actor_label, action, subject_type, subject_id, subject_label, case_number, detail)
VALUES ('System', 'audit.viewed', 'leads.lead', %s, 'Lead L-26-0001', '26-000123', '{"what": "a record"}')
"""
FILL = """
INSERT INTO audit_conduct (actor_label, action, subject_type, subject_id, subject_label, case_number, detail)
SELECT 'System', 'audit.viewed', 'leads.lead', n::text, 'Lead L-26-0001', '26-000123', '{"what": "a record"}'
FROM generate_series(1, %s) n
"""
LAG = """
SELECT count(*), COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY s), 0)::float, COALESCE(max(s), 0)::float
FROM (SELECT extract(epoch FROM c.sealed_at - e.at) s FROM audit_chainseal c JOIN audit_auditevent e ON e.id = c.event_id
      WHERE e.id > %s) lags
"""


@dataclass(frozen=True)
class Written:
    """`events` in `seconds` by many writers, each event a transaction of its own."""

    events: int
    seconds: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def write(address: str, *, events: int, writers: int) -> Written:
    """Write events as the application's role, so many at once. Raises the first error of a writer."""
    errors: list[BaseException] = []

    def work(count: int) -> None:
        try:
            with psycopg.connect(address, autocommit=True) as session:
                for number in range(count):
                    session.execute(WRITE, [str(number)])
        except BaseException as error:  # told to the caller
            errors.append(error)

    threads = [threading.Thread(target=work, args=[events // writers]) for _ in range(writers)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Written(events // writers * writers, time.monotonic() - begun)
