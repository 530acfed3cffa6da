"""AU-05: nothing here writes prose. Packets, notices and reports are filled from records by the release's own templates."""

import ast
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# What writes text, or asks a service that does: libraries, and the runtimes of language models.
WRITES = re.compile(
    r"(open|azure-)?ai(21|-sdk)?$|openai|anthropic|mistral|cohere|google-gen|google-cloud-aiplatform|vertexai|groq|ollama|"
    r"llama|gpt|litellm|lang(chain|graph|smith)|haystack|guidance|dspy|instructor|outlines|transformers|sentence-trans|"
    r"torch$|tensorflow|keras|jax$|vllm|ctransformers|mlx|text-generation|huggingface|spacy-llm|markovify|faker-text"
)
BUILD = ("leads/packet", "parking/paper")
REACHES = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib",
    "urllib3",
    "http",
    "socket",
    "subprocess",
    "onnxruntime",
    "celery",
    "redis",
}


def named(line: str) -> str:
    return re.split(r"[=<>~! ;\[]", line, maxsplit=1)[0].strip().lower().replace("_", "-")


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_nothing_that_writes_text_is_asked_for(file):
    names = {named(line) for line in (ROOT / file).read_text().splitlines() if re.match(r"[A-Za-z]", line)}
    assert len(names) > 20, "the file is read"
    assert {name for name in names if WRITES.match(name)} == set()


def test_nothing_that_writes_text_is_installed():
    names = {named(one.metadata["Name"] or "") for one in distributions()}
    assert "django" in names
    assert {name for name in names if WRITES.match(name)} == set()


@pytest.mark.parametrize("name", ["openai", "anthropic", "transformers", "llama-cpp-python", "google-generativeai", "vllm",
                                  "mistralai", "langchain-core", "ollama", "torch"])  # fmt: skip
def test_the_pattern_knows_what_writes_text(name):
    assert WRITES.match(name)


def imported(module: Path) -> set[str]:
    """The first names of what a module imports, also within its functions."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("folder", BUILD)
def test_what_builds_papers_reaches_no_other_machine_and_no_model(folder):
    modules = sorted((ROOT / folder).rglob("*.py"))
    assert modules
    assert {str(one): imported(one) & REACHES for one in modules if imported(one) & REACHES} == {}
