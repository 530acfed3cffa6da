"""The machine: processor, disk, secret key, front-end files."""

import os
import platform
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from ecpd.doctor.finding import Finding, fail, ok, warn

CPUINFO = Path("/proc/cpuinfo")
NEEDED_FLAG, SPEEDY_FLAG = (
    "sse4_2",
    "avx2",
)  # NumPy's wheels need the first; ONNX Runtime is much faster with the second
GIB = 2**30
LEAST_BYTES, COMFORTABLE_BYTES = 1 * GIB, 10 * GIB
SHORTEST_KEY = 50


def processor() -> Finding:
    """Can it run the wheels, and how fast will searches be?"""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    what = f"{cores} core{'s' if cores != 1 else ''}, {platform.machine()}"
    flags = _cpu_flags()
    if flags and NEEDED_FLAG not in flags:
        return fail("processor", f"{what}, without SSE 4.2.", "Use a processor made after 2010; the wheels need it.")
    if flags and SPEEDY_FLAG not in flags:
        return warn("processor", f"{what}, without AVX2.", "Faces will be read slowly; use a newer processor.")
    if cores < 2:
        return warn("processor", f"{what}.", "Give it two cores or more, so that searches do not slow the pages down.")
    return ok("processor", f"{what}.")


def disk() -> Finding:
    """Is there room for evidence?"""
    free = shutil.disk_usage(settings.DATA_DIR).free
    sentence = f"{free / GIB:.1f} GiB free at {settings.DATA_DIR}."
    if free < LEAST_BYTES:
        return fail("disk", sentence, "Free some space, or set ECPD_DATA_DIR to a larger disk.")
    if free < COMFORTABLE_BYTES:
        return warn("disk", sentence, "Evidence is never deleted: plan for a larger disk.")
    return ok("disk", sentence)


def secret_key() -> Finding:
    """Is it kept, long enough, and private?"""
    stored = settings.DATA_DIR / "secret_key"
    if not os.environ.get("SECRET_KEY") and not stored.exists():
        return fail(
            "secret key",
            "There is none, so sessions end with each restart.",
            "Set SECRET_KEY to 50 random characters or more; `make setup` makes one.",
        )
    if not os.environ.get("SECRET_KEY") and not os.access(stored, os.R_OK):
        return fail(
            "secret key",
            f"This account cannot read {stored}, so each process signs with a key of its own and sessions end.",
            "Give the file to the account of the site, or give that SECRET_KEY.",
        )
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return fail(
            "secret key", f"{len(settings.SECRET_KEY)} characters.", f"Use {SHORTEST_KEY} random characters or more."
        )
    if not os.environ.get("SECRET_KEY") and stored.stat().st_mode & 0o077:
        return fail("secret key", f"Other accounts can read {stored}.", f"Run `chmod 600 {stored}`.")
    return ok("secret key", f"{len(settings.SECRET_KEY)} characters, private.")


def front_end() -> Finding:
    """Are the design system's files there?"""
    if finders.find("uswds/css/uswds.min.css") is None:
        return fail("front end", f"The design system is not in {settings.ASSETS_DIR}.", "Run `make setup`.")
    return ok("front end", "The design system is installed.")


def _cpu_flags() -> set[str]:
    """What an x86 processor under Linux says it can do; empty elsewhere."""
    if platform.machine() != "x86_64" or not CPUINFO.exists():
        return set()
    line = next((line for line in CPUINFO.read_text().splitlines() if line.startswith("flags")), "")
    return set(line.partition(":")[2].split())


MACHINE_CHECKS = (processor, disk, secret_key, front_end)
