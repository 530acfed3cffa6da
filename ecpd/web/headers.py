"""Headers that every answer carries: kept nowhere, and no use of the device that no page needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NO_STORE = "no-store, private"
# Pages need none of a device's senses. Passkeys are asked for by the site's own pages alone (AC-01).
PERMISSIONS = ", ".join([
    *(f"{feature}=()" for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid",
        "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )),
    *(f"publickey-credentials-{act}=(self)" for act in ("create", "get")),
])  # fmt: skip


class HeadersMiddleware:
    """No answer stays in a browser's or a proxy's store, pictures neither: tablets and desks are shared, a sealed case
    is sealed at once, and the way back after signing out shows nothing.

    A view whose answer is for the public says so itself (`Cache-Control: public`). Files of the site's looks are
    answered before, by WhiteNoise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = {part.strip() for part in response.get("Cache-Control", "").split(",")}
        if "public" not in said:
            response["Cache-Control"] = NO_STORE
        response.setdefault("Permissions-Policy", PERMISSIONS)
        return response
