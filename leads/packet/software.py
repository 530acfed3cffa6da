"""The packet's part on what ran: versions and hashes of software, models and card of every search (FR-14)."""

from collections import defaultdict

from ecpd.web.words import day_in
from leads.models import SearchRequest
from leads.packet.section import Section, numbers

SOFTWARE = "Software, models and model cards, with their hashes"


def what_ran(searches: list[SearchRequest]) -> Section:
    """Each program, model and card with its SHA-256 and the searches that ran with it, as each search recorded them."""
    done = [search for search in searches if search.state == SearchRequest.State.DONE]
    ran: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for search in done:
        for name, one in search.parameters.get("software", {}).items():
            ran[name, one["version"], one["sha256"]].append(search.number)
        if card := search.model_card:
            ran[f"model card of {card.model_id}", _fitted(card.content), card.sha256].append(search.number)
    silent = [search.number for search in done if "software" not in search.parameters]
    return Section(
        SOFTWARE,
        [
            "SHA-256 of ECPD: over the lines “path, two blanks, SHA-256” of its Python files, in order; of a package: over the "
            "list of its files with their hashes in its wheel; of a model or card: of the file itself.",
            *([f"Not recorded with {numbers(silent, len(done))}: done before ECPD kept it."] if silent else []),
        ],
        ["What", "Version", "SHA-256", "Searches"],
        [[name, version, digest, numbers(of, len(done))] for (name, version, digest), of in ran.items()],
    )


def _fitted(card: dict) -> str:
    return f"fitted {day_in(card.get('fitted_on', ''))}"
