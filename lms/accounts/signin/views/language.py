"""The switch of the language on top of every page."""

from django.http import HttpRequest, HttpResponseBase
from django.views import i18n

from lms.accounts.register.domain.language import choose_language


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change the language of the browser, and of messages to whoever is logged in.

    Stands without a token: the cookie of the browser session does not come along from elsewhere.
    """
    response = i18n.set_language(request)
    if request.method == "POST" and request.user.is_authenticated:
        choose_language(person=request.user, language=request.POST.get("language", ""))
    return response
