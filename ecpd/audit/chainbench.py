"""`python -m ecpd.audit.chainbench`: services of its own in a scratch folder, a sealer beside them, then `bench_audit`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ecpd.embedded.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Migrate, seal and measure; returns the exit code. Arguments are those of `bench_audit`."""
    with tempfile.TemporaryDirectory(prefix="ecpd-bench-") as folder, Services(Path(folder) / "services") as services:
        environment = os.environ | services.environment | {"ECPD_MEDIA_ROOT": f"{folder}/media", "LOG_LEVEL": "WARNING"}
        if failed := _manage(environment, "migrate", "--verbosity", "0").wait():
            return failed
        sealer = _manage(environment, "seal_audit")
        try:
            return _manage(environment, "bench_audit", *arguments).wait()
        finally:
            sealer.terminate()
            sealer.wait()


def _manage(environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "manage.py", *command], env=environment, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
