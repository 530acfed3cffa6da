"""What a predicate can answer, read from its source."""

import ast
import inspect
from pathlib import Path

SAYS_NO = {"unmet", "needs_words"}


def answers_of(predicate) -> set[str]:
    """The kinds of answer that a predicate, or a function of its module that it calls, can give."""
    source = Path(inspect.getsourcefile(predicate)).read_text()
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    found, todo, seen = set(), [predicate.__name__], set()
    while todo:
        name = todo.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.add(node.func.attr)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                todo.append(node.func.id)
                found |= SAYS_NO if node.func.id.endswith("_verdict") else set()
    return found


def can_refuse(predicate) -> bool:
    """Whether it is a check; a statement of how things are built only says "by construction"."""
    return bool(answers_of(predicate) & SAYS_NO)
