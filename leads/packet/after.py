"""The part of a packet that says what became of an approved application, and what came in since (FR-27)."""

from leads.models import WarrantApplication, WarrantStep
from leads.packet.section import Section, at
from leads.selectors.after import news_of, steps_of, untold

AFTER = "After approval"


def after_approval(application: WarrantApplication, *, version: int | None = None) -> list[Section]:
    """Each step with its words, then what speaks against it and came in later, and which version discloses it first.

    `version`: the one that is being sealed, which discloses all of it. Nothing where there is nothing to say.
    """
    steps = [step for step in steps_of(application) if step.kind != WarrantStep.Kind.SEALED]
    news = news_of(application)
    if not steps and not news:
        return []
    waiting = untold(application, news)
    paragraphs = [f"This is version {version} of the packet."] if version and version > 1 else []
    paragraphs += [f"{one.what} It came in {at(one.at)}, after approval." for one in news]
    if waiting and version is None:
        paragraphs.append(f"Not disclosed yet: {len(waiting)} of {len(news)}. A supplement is due.")
    return [Section(AFTER, paragraphs, ["What happened", "On", "To or by whom", "Recorded", "In words"],
                    [_row(step) for step in steps])]  # fmt: skip


def _row(step: WarrantStep) -> list[str]:
    named = f", number {step.warrant_number}" if step.warrant_number else ""
    named += f", version {step.version} of the packet" if step.version else ""
    on = step.happened_on.strftime("%B %-d, %Y") if step.happened_on else ""
    return [step.get_kind_display() + named, on, step.whom, f"{step.by.display_name}, {at(step.at)}", step.words]
