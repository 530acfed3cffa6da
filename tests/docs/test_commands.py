"""Every command that a document, a message or a page prints is one that its own parser takes, as it is printed."""

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class

ROOT = settings.BASE_DIR
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
OURS = ("ecpd", "cases", "leads", "parking")
TEMPLATES = [*ROOT.glob("templates/**/*.html"), *(page for top in OURS for page in (ROOT / top).glob("**/*.html"))]
SOURCES = [file for top in OURS for file in sorted((ROOT / top).rglob("*.py")) if "migrations" not in file.parts]
# Django's own under our name, and what only `make run` and the tests call.
IN_NO_DOCUMENT = {"changepassword", "makemigrations", "load_demo"}
A_SEAL = "0" * 64


def in_document(text: str) -> Iterator[str]:
    """What a document prints as code: blocks, indented lines, spans (which go over the ends of lines)."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M):
        yield from block.splitlines()
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    yield from re.findall(r"^    (\S.*)$", text, re.M)
    yield from (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text))


def in_source(source: str) -> Iterator[str]:
    """Commands in texts that people are shown: no docstrings, no comments."""
    tree = ast.parse(source)
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in quiet | inside:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "1" for part in node.values)
            yield from re.findall(r"`([^`]+)`", "".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"`([^`]+)`", node.value)


def printed() -> dict[str, str]:
    """Each piece of code that is printed somewhere, to the files that print it."""
    found: dict[str, set[str]] = {}
    for reader, files in ((in_document, DOCUMENTS), (in_page, TEMPLATES), (in_source, SOURCES)):
        for file in files:
            for code in reader(file.read_text()):
                found.setdefault(code, set()).add(str(file.relative_to(ROOT)))
    return {code: ", ".join(sorted(files)) for code, files in found.items()}


def in_page(text: str) -> Iterator[str]:
    """What a page shows as code."""
    yield from re.findall(r"<code>([^<]+)</code>", text)


PRINTED = printed()


def commands(pattern: str) -> dict[str, str]:
    """Of all that is printed, what the pattern finds in it, to the files."""
    found: dict[str, set[str]] = {}
    for code, files in PRINTED.items():
        for match in re.findall(pattern, code):
            found.setdefault(match.strip(), set()).add(files)
    return {match: ", ".join(sorted(files)) for match, files in found.items()}


# In one piece of code there may be several: what the shell ends a command with ends it here.
MANAGE = commands(r"manage\.py ([a-z_]+(?:\"[^\"]*\"|'[^']*'|[^&|;\"'])*)")
MAKE = commands(r"^make ([a-z]+)")
MODULES = commands(r"python3? -m (\S+)")
SCRIPTS = commands(r"python3? ((?:contrib/)?(?!manage)\w+\.py .*)")


def words(command: str) -> list[str]:
    """The command's words; a word in capitals stands for a value that the reader knows."""
    parted = shlex.split(command, comments=True)
    return ["1" if re.fullmatch(r"[A-Z_]{2,}", word) else word for word in parted]


def complaint(command: str) -> str:
    """What `manage.py` says to it before it does anything, or ""."""
    name, *arguments = words(command)
    if name not in (apps := get_commands()):
        return f"There is no command {name}."
    try:
        load_command_class(apps[name], name).create_parser("manage.py", name).parse_args(arguments)
    except CommandError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("command", sorted(MANAGE))
def test_a_printed_command_is_taken_as_it_is_printed(command):
    assert complaint(command) == "", MANAGE[command]


@pytest.mark.parametrize("target", sorted(MAKE))
def test_a_printed_target_is_in_the_makefile(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M), MAKE[target]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_printed_module_can_be_run(module):
    found = importlib.util.find_spec(module)
    assert found, MODULES[module]
    assert not found.submodule_search_locations or importlib.util.find_spec(f"{module}.__main__"), MODULES[module]


@pytest.mark.parametrize("command", sorted(commands(r"chainbench (--[^)]*)")))
def test_arguments_for_the_bench_of_the_chain_are_those_of_its_command(command):
    assert complaint(f"bench_audit {command}") == ""


@pytest.mark.parametrize("command", sorted(SCRIPTS))
def test_a_printed_script_takes_what_it_is_given(command, tmp_path, monkeypatch):
    name, *arguments = words(command.replace("SEAL", A_SEAL).replace("NUMBER", "1"))
    path = ROOT / "contrib" / Path(name).name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for word in arguments:
        if "." in word:
            (tmp_path / word).touch()
    monkeypatch.chdir(tmp_path)
    assert module.main(arguments) == 2, "an empty file cannot be used; the arguments could"


def test_every_command_of_ours_stands_in_a_document():
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in OURS}
    told = {word for file in DOCUMENTS for word in re.findall(r"\w+", file.read_text())}
    assert ours - told - IN_NO_DOCUMENT == set()


def test_what_is_looked_for_is_found():
    """The patterns see each way in which a command is printed."""
    text = (
        'Do `manage.py x\n  NAME`:\n\n    manage.py y "a b" && make z\n\n```\nA=1 python manage.py z --a   # why\n```\n'
    )
    found = [m for code in in_document(text) for m in re.findall(r"manage\.py ([a-z]+)", code)]
    assert sorted(found) == ["x", "y", "z"]
    source = '"""`manage.py quiet`"""\nfix = "Run `manage.py told PID`."\nmore = f"Run `manage.py also {pid}`."'
    assert list(in_source(source)) == ["manage.py told PID", "manage.py also 1"]
    assert complaint("end_session PID") == "Error: the following arguments are required: --reason"
    assert complaint("nothing") == "There is no command nothing."
