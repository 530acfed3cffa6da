"""The README's table of settings and what the code reads from the environment: each names what the other does."""

import ast
import re
from collections.abc import Iterator

from django.conf import settings

from ecpd.timeouts import DEFAULTS

ROOT = settings.BASE_DIR
NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DEBUG")
# What ECPD's own programs tell each other, and what `make test` reads: nobody sets them for an installation.
OWN = {
    "ECPD_AS_OWNER",
    "ECPD_AS_SEALER",
    "ECPD_PROCESS",
    "ECPD_SUPERVISED",
    "ECPD_TEST_WORKERS",
    "DJANGO_SETTINGS_MODULE",
    "PLAYWRIGHT_BROWSERS_PATH",
}
READERS = {"str", "int", "float", "bool", "list", "get", "_service"}
TIMEOUTS = {f"ECPD_{process.upper()}_TIMEOUTS" for process in DEFAULTS} - {
    "ECPD_OWNER_TIMEOUTS",
    "ECPD_SEALER_TIMEOUTS",
}


def read_by(source: str) -> Iterator[str]:
    """Names in a file that are read from the environment: by django-environ, by os.environ, or ours anywhere."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"ECPD_[A-Z_]*[A-Z]", node.value)
        ):
            yield node.value
        if isinstance(node, ast.Call) and node.args and _is_reader(node.func):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and NAME.fullmatch(first.value):
                yield first.value


def _is_reader(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "_service"
    owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
    return owner in {"env", "os.environ"} and isinstance(function, ast.Attribute) and function.attr in READERS


def read() -> set[str]:
    """Every setting that the code reads from the environment and an installation may set."""
    files = [file for top in ("ecpd", "cases", "leads", "parking") for file in (ROOT / top).rglob("*.py")]
    found = {name for file in files if "migrations" not in file.parts for name in read_by(file.read_text())}
    return (found | TIMEOUTS) - OWN


def listed() -> set[str]:
    """What the table names, in its first column."""
    rows = [line.split("|")[1] for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_setting_that_is_read_stands_in_the_table():
    assert read() - listed() == set()


def test_every_setting_in_the_table_is_read():
    assert {name for name in listed() if NAME.fullmatch(name)} - read() == set()


def test_a_setting_is_found_however_it_is_read():
    source = (
        'a = env.int("MOST_OF_IT", 1)\nb = os.environ.get("HOST_NAME")\nc = _service("BROKER_URL", "")\nd = "ECPD_NEW"'
    )
    assert set(read_by(source)) == {"MOST_OF_IT", "HOST_NAME", "BROKER_URL", "ECPD_NEW"}
