"""Roles: given and taken, with the Wagtail group that opens the admin for each."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment, User
from lms.accounts.register.domain.approval import ensure_approval
from lms.accounts.register.domain.minimal import require_account
from lms.geography.models import AdministrativeUnit

ROLE_ASSIGNED = "accounts.role_assigned"
ROLE_WITHDRAWN = "accounts.role_withdrawn"

# Stored names, read by people in the admin; never translated, since they are keys.
GROUP_NAMES: dict[Role, str] = {
    Role.ADMINISTRATOR: "Quản trị",
    Role.MONITOR: "Cán bộ Sở",
    Role.COORDINATOR: "Điều phối huyện",
    Role.FOCAL_POINT: "Đầu mối cấp xã",
    Role.TRAINER: "Giảng viên",
    Role.REVIEWER: "Người duyệt nội dung",
}
# Those who write lessons, with what they may do to pages, pictures and documents.
_AUTHOR_ROLES = (Role.ADMINISTRATOR, Role.TRAINER)
_PAGE_PERMISSIONS = {
    **dict.fromkeys(
        _AUTHOR_ROLES, ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
    ),
    # Nothing is rewritten by whoever approves it: a page opens for the reviewer while it waits.
    Role.REVIEWER: ("publish_page",),
}
_FILE_PERMISSIONS = ("add_image", "choose_image", "add_document", "choose_document")


def assign_role(
    *, user: User, role: Role, unit: AdministrativeUnit, by: User | None = None
) -> RoleAssignment:
    """Give a role on a unit and all below it; a repeat changes nothing.

    Puts the person into the role's Wagtail group and writes the log. `by` must administer the
    unit (None: the system itself), else PermissionDenied. Raises Refusal `minimal_record`.
    """
    _require_administrator(by, unit)
    require_account(is_minimal=user.is_minimal)
    with transaction.atomic():
        assignment, created = RoleAssignment.objects.get_or_create(user=user, role=role, unit=unit)
        if created:
            user.groups.add(_group(role))
            _settle_staff(user)
            _log(user, ROLE_ASSIGNED, role, unit, by)
    _forget_scope(user)
    return assignment


def withdraw_role(
    *, user: User, role: Role, unit: AdministrativeUnit, by: User | None = None
) -> bool:
    """Take a role on a unit away; whether the person held it.

    Leaves the Wagtail group when no other unit keeps the person in it. Writes the log. `by`
    as in `assign_role`.
    """
    _require_administrator(by, unit)
    with transaction.atomic():
        deleted, _rows = RoleAssignment.objects.filter(user=user, role=role, unit=unit).delete()
        if deleted:
            if not user.role_assignments.filter(role=role).exists():
                user.groups.remove(_group(role))
            _settle_staff(user)
            _log(user, ROLE_WITHDRAWN, role, unit, by)
    _forget_scope(user)
    return bool(deleted)


def ensure_role_groups(*, course_root: Page | None = None) -> dict[Role, Group]:
    """The Wagtail group of each role with its permissions; safe to run again.

    Every group opens the admin. Administrators and trainers also write pages at and below
    `course_root` (when given) and add pictures and documents. A trainer may publish, or
    submit a page, which a reviewer or an administrator then approves. What is listed for whom
    follows from the roles themselves, never from these groups.
    """
    groups = {role: _group(role) for role in GROUP_NAMES}
    root_collection = Collection.get_first_root_node()
    for role in _AUTHOR_ROLES:
        for permission in _permissions(_FILE_PERMISSIONS):
            GroupCollectionPermission.objects.get_or_create(
                group=groups[role], collection=root_collection, permission=permission
            )
    if course_root is not None:
        _open_pages(groups, course_root)
        ensure_approval(
            course_root=course_root, approvers=[groups[Role.REVIEWER], groups[Role.ADMINISTRATOR]]
        )
    return groups


def _open_pages(groups: dict[Role, Group], course_root: Page) -> None:
    for role, codenames in _PAGE_PERMISSIONS.items():
        for permission in _permissions(codenames):
            GroupPagePermission.objects.get_or_create(
                group=groups[role], page_id=course_root.pk, permission=permission
            )


def _group(role: Role) -> Group:
    group, created = Group.objects.get_or_create(name=GROUP_NAMES[role])
    if created:
        group.permissions.add(*_permissions(("access_admin",)))
    return group


def _permissions(codenames: tuple[str, ...]) -> list[Permission]:
    apps = ("wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs")
    return list(Permission.objects.filter(content_type__app_label__in=apps, codename__in=codenames))


def _require_administrator(by: User | None, unit: AdministrativeUnit) -> None:
    if by is not None and not by.scope.covers(unit.path, roles=(Role.ADMINISTRATOR,)):
        raise PermissionDenied


def _settle_staff(user: User) -> None:
    """Staff see the style guide: superusers and administrators."""
    is_staff = user.is_superuser or user.role_assignments.filter(role=Role.ADMINISTRATOR).exists()
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])


def _log(user: User, action: str, role: Role, unit: AdministrativeUnit, by: User | None) -> None:
    log(instance=user, action=action, user=by, data={"role": str(role), "unit": str(unit)})


def _forget_scope(user: User) -> None:
    for known in ("scope", "holds_roles"):
        user.__dict__.pop(known, None)
