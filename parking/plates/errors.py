"""What can go wrong between a picture and a plate. Each has a code for records and a sentence for a person."""


class PlateReadingError(Exception):
    """Base: `code` for records, `message` for a person."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class UnreadablePicture(PlateReadingError):
    """The bytes or pixels are not one picture that can be read within the limits."""


class PlateModelsMissing(PlateReadingError):
    """The installed text reader does not bring its models; nothing is downloaded in their place."""
