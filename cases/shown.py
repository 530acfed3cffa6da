"""What pages of cases show to somebody who decides there, in parts (`ecpd.policy.shown`)."""

from cases.models import Evidence


def of_exhibit(exhibit: Evidence) -> dict:
    """An exhibit with its file, its custody and whether it is withdrawn."""
    return {
        "the exhibit": [exhibit.pk, exhibit.kind, exhibit.title, exhibit.description, exhibit.file_id,
                        exhibit.withdrawn_at, exhibit.withdrawn_reason],
        "its chain of custody": list(exhibit.custody.order_by("id").values_list("id", "to_party")),
    }  # fmt: skip
