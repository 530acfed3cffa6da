"""The packet's part on evidence apart from the search (FR-10, FR-14)."""

from leads.corroboration import told
from leads.corroboration_words import STANDS, because_in_words, rests_in_words
from leads.models import Corroboration, Lead
from leads.packet.section import Section
from leads.selectors.lead import items_of
from leads.selectors.standing import standings_of


def corroboration(lead: Lead) -> Section:
    """What is linked to a lead with both answers of linker and verifier, and whether it counts."""
    standings = standings_of(lead)
    return Section(
        "Evidence apart from the search",
        [
            "Two questions are asked of each item, of who links it and of who verifies it without the first answers. Because of "
            "the result: obtained after it; it is told with both days and counts. Resting on the face: what it says depends on "
            "somebody having seen or been told the probe, the gallery’s photo or the name; it never counts. Where the answers "
            "differ, the stricter one holds. A line-up counts only beside other evidence.",
        ],
        ["Item", "Ties this person by", "Details", "Because of the result?", "Rests on the face?", "Verified", "Counts?"],
        [[str(i), i.ties_by, _details(i), because_in_words(i, standings[i.pk]), rests_in_words(i, standings[i.pk]),
          _checked(i), STANDS[standings[i.pk].standing]] for i in items_of(lead)],
    )  # fmt: skip


def _details(item: Corroboration) -> str:
    return "; ".join(f"{label}: {words}" for label, words in told(item.kind, item.details))


def _checked(item: Corroboration) -> str:
    if item.withdrawn_at:
        return f"Withdrawn: {item.withdrawn_reason}"
    if not hasattr(item, "verification"):
        return "Not verified"
    checked = item.verification
    return f"{'Verified' if checked.verified else 'Rejected'} by {checked.verifier.display_name}: {checked.reason}"
