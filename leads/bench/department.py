"""`python -m leads.bench.department [TIMES]`: the pages and questions of one matter in a department of many cases.

A department is the demo's cases, copied by the database's owner with other numbers, files, faces and reports, so that no
copy has anything to do with another. Services of its own in a scratch folder, thrown away at the end.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ecpd.embedded.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
TIMES = 333  # some 1,000 links and 1,700 searches


def main(arguments: list[str]) -> int:
    """Load the demo, copy it, measure; returns the exit code."""
    times = arguments[0] if arguments else str(TIMES)
    with tempfile.TemporaryDirectory(prefix="ecpd-bench-") as folder, Services(Path(folder) / "services") as services:
        own = {"ECPD_MEDIA_ROOT": f"{folder}/media", "LOG_LEVEL": "WARNING", "ECPD_DEMO": "1"}
        key = {"ECPD_MFA_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode()}
        environment = os.environ | services.environment | own | key
        print(f"A department of {times} times the demo's cases", flush=True)
        for command in (["manage.py", "migrate", "--verbosity", "0"], ["manage.py", "load_demo"],
                        ["-m", "leads.bench.copying", times], ["-m", "leads.bench.deciding"]):  # fmt: skip
            if failed := subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=False).returncode:
                return failed
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
