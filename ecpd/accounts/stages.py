"""What allauth's sign-in goes through here, in order, before anybody is signed in."""

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response

STAGES = ["allauth.mfa.stages.AuthenticateStage", "ecpd.accounts.stages.NoticeStage"]


class NoticeStage(LoginStage):
    """AC-12: the notice of use, at each sign-in; there is no "do not show again"."""

    key = "ecpd_notice"
    urlname = "account_notice"

    def handle(self):
        """Wait for the person's answer."""
        return headed_redirect_response("account_notice"), True
