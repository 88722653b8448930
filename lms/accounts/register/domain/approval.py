"""How a page is approved before readers see it: Wagtail's workflow, with the suite's own groups."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Task, Workflow, WorkflowPage, WorkflowTask

from lms.accounts.models import AreaApprovalTask

# Stored names, read by people in the admin; Wagtail's own workflow is called so, too.
APPROVAL = "Duyệt bài"
# Whom Wagtail's first migration lets approve; nobody is ever put into this group.
_WAGTAIL_GROUP = "Moderators"


def ensure_approval(*, course_root: Page, approvers: Collection[Group]) -> Workflow:
    """Ensure the workflow of the pages at and below `course_root`; safe to run again.

    Any one of `approvers` whose area the course is lets a submitted page go public. Groups that a
    person added in the admin stay.
    """
    workflow, _is_new = Workflow.objects.get_or_create(name=APPROVAL)
    task = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=APPROVAL)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    Task.objects.filter(pk=task.pk).update(content_type=AreaApprovalTask.own_type())
    task.groups.remove(*task.groups.filter(name=_WAGTAIL_GROUP))
    task.groups.add(*approvers)
    WorkflowPage.objects.update_or_create(page=course_root, defaults={"workflow": workflow})
    return workflow
