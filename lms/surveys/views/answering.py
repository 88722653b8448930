"""The sheet on which a trainee says what the class was like."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import Enrolment
from lms.core.readers import SignedInRequest
from lms.core.show_refusal import RefusalOnForm
from lms.surveys.domain.answering import answer_survey, is_asked
from lms.surveys.forms import SurveyForm
from lms.surveys.models import SurveyReceipt


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for an opinion on one's own class; whoever has answered is thanked."""
    mine = (
        Enrolment.objects.in_held_classes().filter(user=request.user).select_related("run__course")
    )
    enrolment = get_object_or_404(mine, pk=pk)
    today = timezone.localdate()
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with RefusalOnForm(form):
            comment = form.cleaned_data["comment"]
            answer_survey(enrolment=enrolment, ratings=form.ratings, comment=comment, today=today)
            messages.success(request, _("Thank you! Your opinion has been kept without your name."))
            return redirect("courses:my_class", pk=enrolment.pk)
    context = {
        "enrolment": enrolment,
        "form": form,
        "is_asked": is_asked(enrolment=enrolment, today=today),
        "has_answered": SurveyReceipt.objects.filter(enrolment=enrolment).exists(),
    }
    return render(request, "surveys/survey.html", context)
