"""ProbeFaces: the faces that detection found on an exhibit, before anyone asks for a search."""

from django.db import models

from cases.models import Evidence
from ecpd.audit.fixed import as_it_leaves, while_in
from ecpd.audit.records import Record
from ecpd.checks.json_field import JSONField
from leads.models.shapes import FOUND


class ProbeFaces(Record):
    """Found by a worker, shown for a person to pick from. `faces`: DetectedFace and quality of each, as JSON."""

    may_change = {"state": while_in("state", "queued"), "error": as_it_leaves("state", "queued", to=("failed",))} | (
        dict.fromkeys(("faces", "width", "height", "notes"), as_it_leaves("state", "queued"))
    )

    class State(models.TextChoices):
        """Where detection stands."""

        QUEUED = "queued", "Queued"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="probe_faces")
    model_id = models.CharField(max_length=128)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    faces = JSONField(shape={"each": FOUND}, default=list)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    notes = JSONField(shape={"each": "s"}, default=list)
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    once = ("finished_at",)

    class Meta(Record.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(name="probe_faces_once", fields=["evidence", "model_id"])]

    def __str__(self) -> str:
        return f"Faces on {self.evidence}"
