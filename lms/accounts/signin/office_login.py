"""allauth's OpenID Connect, held to what this suite asks of it (docs/decisions/0049-accounts-of-an-office.md).

allauth keeps the state and the PKCE verifier in the browser's session, fetches the tokens and puts
the person through its stages of a log-in, the second factor among them. What it leaves open is
closed here: a nonce, the signature of the token, who is meant.
"""

import base64
import hashlib
import logging
from functools import partial
from typing import Any, Final

import jwt
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from lms.accounts.models import User
from lms.accounts.signin.domain.office_accounts import person_of
from lms.core.addresses import absolute_url
from lms.core.outages import Outage
from lms.core.refusal import Refusal

PROVIDER: Final = "office"
#: What a provider that is down, slow or confused makes of a log-in.
FAULTS: Final = (
    *(RequestException, OAuth2Error),
    *(AttributeError, LookupError, TypeError, ValueError),
)
# Signed with a key that only the provider has: never "none", never a secret that we share.
_ALGORITHMS: Final = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
]
# What the provider says of itself, kept for so many seconds.
_CONFIGURATION: Final = "office_login_configuration"
_KEPT: Final = 300
# Two clocks are never the same; seconds.
_LEEWAY: Final = 60

logger = logging.getLogger(__name__)
office_outage = Outage("log-in of the office")


class OfficeProvider(OpenIDConnectProvider):
    def get_oauth2_adapter(self, request: HttpRequest) -> "OfficeAdapter":
        return OfficeAdapter(request)

    def get_pkce_params(self) -> dict[str, Any]:
        """Add the nonce: the digest of the verifier, which the session keeps anyway."""
        params: dict[str, Any] = super().get_pkce_params()
        return {**params, "nonce": params["code_challenge"]}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Take nothing but the way on from the address: no scope, no other process."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}


class OfficeAdapter(OpenIDConnectOAuth2Adapter):
    _nonce = ""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    def get_provider(self) -> OfficeProvider:
        known = settings.SUITE_OIDC
        # Never saved: the settings alone say who the provider is.
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER,
            name=known["name"],
            client_id=known["client_id"],
            secret=known["secret"],
            settings={
                "server_url": known["issuer"].rstrip("/"),
                "oauth_pkce_enabled": True,
                "scope": ["openid", "profile"],
                # On a shared phone nobody comes in by the tap of the next one.
                "auth_params": {"prompt": "login"},
            },
        )
        return OfficeProvider(self.request, app=app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return absolute_url(reverse("account_office_callback"))

    @property
    def openid_config(self) -> dict[str, Any]:
        # Whoever opens the way in makes us ask for it: once in a while is enough.
        config: dict[str, Any] = cache.get(_CONFIGURATION) or super().openid_config
        if config["issuer"] != settings.SUITE_OIDC["issuer"]:
            raise OAuth2Error(f"This is another issuer: {config['issuer']}")
        cache.set(_CONFIGURATION, config, _KEPT)
        return config

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str = ""
    ) -> Any:
        digest = hashlib.sha256(pkce_code_verifier.encode("ascii")).digest()
        self._nonce = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._decode_id_token(app, kwargs["response"]["id_token"])
        claim = settings.SUITE_OIDC["claim"]
        if claim not in claims:
            # Many providers tell only the name tag in the token, and the rest when asked for it.
            told = self._fetch_user_info(token.token)
            if told["sub"] != claims["sub"]:
                raise OAuth2Error("userinfo is of another person")
            claims[claim] = told.get(claim)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Return the claims of a token that the provider signed for this log-in; OAuth2Error."""
        try:
            kid = jwt.get_unverified_header(id_token).get("kid")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._keys()[kid],
                algorithms=_ALGORITHMS,
                audience=app.client_id,
                issuer=settings.SUITE_OIDC["issuer"],
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("This token is not for us") from error
        if claims["nonce"] != self._nonce or claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("This token is of another log-in")
        return claims

    def _keys(self) -> dict[str | None, Any]:
        with SuiteSocialAccountAdapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        return {key.key_id: key for key in jwt.PyJWKSet.from_dict(answer.json()).keys}


class SuiteSocialAccountAdapter(DefaultSocialAccountAdapter):
    """People are matched by their staff code at each log-in; no account of theirs is kept here."""

    def get_requests_session(self) -> Any:
        """Return a session with time limits; while the provider hangs, one caller at a time waits."""
        session = super().get_requests_session()
        session.request = partial(_ask, session.request)
        return session

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Take no name and no address over: what is known of people stands on the register."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        try:
            sociallogin.user = person_of(
                claims=sociallogin.account.extra_data["id_token"],
                claim=settings.SUITE_OIDC["claim"],
            )
        except Refusal as refusal:
            logger.warning("Log-in by the office refused: %s", refusal.code)
            raise ImmediateHttpResponse(_back(request, refusal.message)) from refusal

    def on_authentication_error(
        self,
        request: HttpRequest,
        _provider: Any,
        error: str = AuthError.UNKNOWN,
        exception: Exception | None = None,
        **_told: Any,
    ) -> None:
        raise ImmediateHttpResponse(say_it_failed(request, error=error, exception=exception))


def _ask(request: Any, *args: Any, **told: Any) -> Any:
    if not office_outage.is_to_be_tried():
        raise RequestException("It has not answered a moment ago")
    try:
        answer = request(*args, **told)
    except RequestException as error:
        office_outage.begin(error)
        raise
    office_outage.end()
    return answer


def say_it_failed(
    request: HttpRequest, *, error: str = AuthError.UNKNOWN, exception: Exception | None = None
) -> HttpResponse:
    """Return to the log-in, where every other way in still is."""
    if error == AuthError.CANCELLED:
        return _back(request, _("You have not logged in at your office."))
    logger.warning("Log-in by the office failed: %s %s", error, exception, exc_info=exception)
    return _back(
        request,
        _(
            "Logging in through your office did not work. Please try again, or log in here with "
            "your password."
        ),
    )


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("account_login")
