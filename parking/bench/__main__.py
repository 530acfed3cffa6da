"""`python -m parking.bench`: services of its own in a scratch folder, the day, then the ingest over HTTP."""

import argparse
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from ecpd.embedded.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Measure and print. `--quick` is for trying the bench itself: 60 seconds and 4,000 reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["day", "ingest"])
    parser.add_argument("--seed", type=int, help="of another day than the one that is always measured")
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="ecpd-bench-"))
    try:
        with Services(scratch / "services", durable=True) as services:
            _configure(services, scratch)
            _measure(services, options)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


def _measure(services: Services, options: argparse.Namespace) -> None:
    from parking.bench import day, throughput

    if options.only != "ingest":
        day.run(sys.stdout, reads=4_000 if options.quick else day.READS, seed=options.seed or day.SEED)
    if options.only != "day":
        seconds = 60 if options.quick else throughput.SECONDS
        throughput.run(services, sys.stdout, port=_free_port(), seconds=seconds)


def _configure(services: Services, scratch: Path) -> None:
    os.environ |= services.environment
    os.environ |= {"ECPD_MEDIA_ROOT": str(scratch / "media"), "SECRET_KEY": "bench-" + "x" * 40, "LOG_LEVEL": "WARNING",
                   "DJANGO_SETTINGS_MODULE": "ecpd.settings"}  # fmt: skip
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    logging.disable(logging.WARNING)  # the tables are the output


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
