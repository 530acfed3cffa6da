"""What can go wrong between an image and a template. Each has a code for records and a sentence for a person."""


class RecognitionError(Exception):
    """Base: `code` for records, `message` for a person."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class UnreadableImage(RecognitionError):
    """The file is not one still image that can be used."""


class NoFaceFound(RecognitionError):
    """The image shows no face that the detector finds."""

    def __init__(self) -> None:
        super().__init__("no_face", "No face was found in this picture. Use a picture in which the face is larger.")


class ModelPackMissing(RecognitionError):
    """The directory of the face model package is not there."""


class ModelPackInvalid(RecognitionError):
    """The face model package is not what its manifest says, or has no recogniser."""
