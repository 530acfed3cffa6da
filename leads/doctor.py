"""What `manage.py doctor` asks of leads: the package of face models."""

from django.conf import settings

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
