"""The pages behind the QR code: open to all, telling no more than they must."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from certificates.domain.verifying import VerificationResult
from certificates.domain.verifying import verify as look_up
from certificates.forms import VerifyForm
from certificates.views.verification_throttle import count_miss, is_throttled
from lms.core.codes import normalise_code


@require_safe
@cache_control(no_store=True)
def verify_form(request: HttpRequest) -> HttpResponse:
    """Ask for a code; `?code=` goes on to its page."""
    if "code" not in request.GET:
        return _page(request, VerifyForm())
    form = VerifyForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.BAD_REQUEST)
    code = normalise_code(form.cleaned_data["code"])
    if code is None:
        return _answer(request, form, _look_up(form.cleaned_data["code"]))
    return redirect("certificates:verify", code=code)


@require_safe
@cache_control(no_store=True)
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say in one big word what a code is worth."""
    form = VerifyForm({"code": code})
    if is_throttled(request):
        form.add_error(
            "code",
            _("Too many unknown codes. Please wait a few minutes and try again."),
        )
        return _page(request, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    result = _look_up(code)
    if result.facts is None:
        count_miss(request)
        return _answer(request, form, result)
    return _answer(request, VerifyForm(), result)


def _look_up(code: str) -> VerificationResult:
    return look_up(code=code, on=timezone.localdate())


def _answer(request: HttpRequest, form: VerifyForm, result: VerificationResult) -> HttpResponse:
    status = HTTPStatus.OK if result.facts else HTTPStatus.NOT_FOUND
    return _page(request, form, result=result, status=status)


def _page(
    request: HttpRequest,
    form: VerifyForm,
    *,
    result: VerificationResult | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    response = render(
        request, "certificates/verify.html", {"form": form, "result": result}, status=status
    )
    # A search engine that listed names would make the page a register of people.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
