"""Every service that opens a door, read from the source: whether it tells the door what its page showed."""

import ast
from collections.abc import Iterator
from pathlib import Path

APPS = ("ecpd", "cases", "leads", "parking")


def doors_of(root: Path) -> dict[str, bool]:
    """Each function that opens a door, by its dotted name: whether it asks `seen`, itself or by a helper beside it."""
    return dict(pair for app in APPS for path in sorted((root / app).rglob("*.py")) for pair in _in(root, path))


def _in(root: Path, path: Path) -> Iterator[tuple[str, bool]]:
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    asking = {"seen"} | {function.name for function in functions if "seen" in _called(function)}
    for function in functions:
        if any(call.attr == "door" for call in _methods(function)):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            yield f"{name}.{function.name}", bool(asking & _called(function))


def _calls(function: ast.FunctionDef) -> Iterator[ast.expr]:
    return (node.func for node in ast.walk(function) if isinstance(node, ast.Call))


def _called(function: ast.FunctionDef) -> set[str]:
    return {call.id for call in _calls(function) if isinstance(call, ast.Name)}


def _methods(function: ast.FunctionDef) -> Iterator[ast.Attribute]:
    return (call for call in _calls(function) if isinstance(call, ast.Attribute))
