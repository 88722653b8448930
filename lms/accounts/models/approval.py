"""The step of Wagtail's workflow at which a submitted page is approved."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import GroupApprovalTask, TaskState


class AreaApprovalTask(GroupApprovalTask):
    """Wagtail's approval by groups, where the page has its say about the area, too.

    A group holds the reviewers of every district; whether one of them may approve this page is
    what `can_approve` of the page's rights says. A proxy: the rows are Wagtail's own.
    """

    class Meta:
        proxy = True

    @classmethod
    def own_type(cls) -> ContentType:
        return ContentType.objects.get_for_model(cls, for_concrete_model=False)

    def _may(self, obj: Any, user: Any) -> bool:
        if user.is_superuser:
            return True
        # A page of another kind, which somebody put under this workflow, says nothing.
        can_approve = getattr(obj.permissions_for_user(user), "can_approve", None)
        return can_approve is None or bool(can_approve())

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return super().user_can_access_editor(obj, user) and self._may(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return super().locked_for_user(obj, user) or not self._may(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        return super().get_actions(obj, user) if self._may(obj, user) else []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        if user.is_superuser:
            return waiting
        states = waiting.select_related("workflow_state__base_content_type")
        return waiting.filter(
            pk__in=[
                state.pk for state in states if self._may(state.workflow_state.content_object, user)
            ]
        )
