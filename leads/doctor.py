"""What `manage.py doctor` asks of leads: the package of face models, cases in which nobody can be searched for."""

from django.conf import settings

from cases import selectors as exhibits
from cases.models import Case, IncidentNumber
from ecpd.doctor.finding import Finding, fail, ok, warn
from leads.recognition.errors import RecognitionError
from leads.recognition.pack import verify


def face_models() -> Finding:
    """Is the package complete, and is every file the one that its manifest names?"""
    try:
        pack = verify(settings.MODEL_DIR)
    except RecognitionError as error:
        return fail("face models", str(error), "Run `make setup`, or point ECPD_MODEL_DIR at a licensed package.")
    sentence = f"{pack.model_id}, {len(pack.sha256)} file{'s' if len(pack.sha256) != 1 else ''} checked."
    if pack.is_default and not settings.DEMO:
        return warn(
            "face models",
            f"{sentence} It is the development default.",
            "It is not of evidential grade: set ECPD_MODEL_DIR to a package that the agency has licensed.",
        )
    return ok("face models", sentence)


def pictures_not_compared() -> Finding:
    """Pictures of exhibits of which nobody knows what they look like: near copies of the probe are not found (FR-10)."""
    without = exhibits.pictures_not_compared().count()
    if not without:
        return ok("pictures", "Every picture of an exhibit is compared with the others.")
    which = "1 picture of an exhibit is" if without == 1 else f"{without:,} pictures of exhibits are"
    return warn(
        "pictures",
        f"{which} not compared with others yet; none links anybody to a lead or counts for one.",
        "Run `manage.py compare_pictures`. What it cannot read is added again as JPEG or PNG.",
    )


def cases_without_a_number() -> Finding:
    """Open cases without a dispatch or records number: those from before it was asked for (FR-02)."""
    known = IncidentNumber.objects.filter(withdrawn_at__isnull=True).values("case")
    without = Case.objects.filter(status=Case.Status.OPEN).exclude(pk__in=known).count()
    if not without:
        return ok("incident numbers", "Every open case has a dispatch or records number.")
    which = "1 open case has" if without == 1 else f"{without:,} open cases have"
    return warn(
        "incident numbers",
        f"{which} no dispatch or records number; nobody is searched for there.",
        "Who works on the case enters it under “One matter” on its page.",
    )
