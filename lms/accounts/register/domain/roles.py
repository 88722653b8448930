"""Roles: given and taken, with the Wagtail group that opens the admin for each.

`write_roles` is the one writer of roles, whoever asks for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment, User
from lms.accounts.register.domain.approval import ensure_approval
from lms.accounts.register.domain.locks import lock_people
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


_Key = tuple[int, str, int]


@dataclass(frozen=True)
class RoleWrite:
    """`ends` on one unit and `takes` on another: the role goes on there."""

    user: User
    role: Role
    ends: AdministrativeUnit | None = None
    takes: AdministrativeUnit | None = None


def write_roles(*, writes: Sequence[RoleWrite]) -> list[bool]:
    """Give, take and carry over roles; answer for each write whether it changed anything.

    A role that is held already stays one; what is not held neither ends nor goes on. Whoever gains
    or loses a role joins or leaves its Wagtail group, and is staff as an administrator. Locks the
    people. The number of statements grows with the kinds of roles, never with the people. The
    caller holds the transaction and has asked who may.
    """
    people = lock_people(pks=list({write.user.pk for write in writes}))
    held = {_key(one): one for one in RoleAssignment.objects.filter(user__in=people)}
    plan = _RolePlan(held)
    done = [plan.add(write) for write in writes]
    plan.write()
    changed = [write for write, is_changed in zip(writes, done, strict=True) if is_changed]
    _settle(changed, people, {(user, role) for user, role, _unit in held})
    for write in writes:
        write.user.is_staff = people[write.user.pk].is_staff
        _forget_scope(write.user)
    return done


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
        if write_roles(writes=[RoleWrite(user, role, takes=unit)]) == [True]:
            _log(user, ROLE_ASSIGNED, role, unit, by)
        return RoleAssignment.objects.get(user=user, role=role, unit=unit)


def withdraw_role(
    *, user: User, role: Role, unit: AdministrativeUnit, by: User | None = None
) -> bool:
    """Take a role on a unit away; whether the person held it.

    Leaves the Wagtail group when no other unit keeps the person in it. Writes the log. `by`
    as in `assign_role`.
    """
    _require_administrator(by, unit)
    with transaction.atomic():
        [was_held] = write_roles(writes=[RoleWrite(user, role, ends=unit)])
        if was_held:
            _log(user, ROLE_WITHDRAWN, role, unit, by)
    return was_held


def ensure_role_groups(*, course_root: Page | None = None) -> dict[Role, Group]:
    """Ensure the Wagtail group of each role with its permissions; safe to run again.

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


@dataclass
class _RolePlan:
    """What becomes of the roles that are `held`, by person, role and unit."""

    held: dict[_Key, RoleAssignment]
    gone: list[int] = field(default_factory=list)
    moved: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    new: list[RoleAssignment] = field(default_factory=list)

    def add(self, write: RoleWrite) -> bool:
        """Decide about one write; whether it changes anything."""
        old = None
        if write.ends is not None:
            old = self.held.pop((write.user.pk, str(write.role), write.ends.pk), None)
            if old is None:
                return False
        if write.takes is None or (write.user.pk, str(write.role), write.takes.pk) in self.held:
            self.gone += [old.pk] if old else []
            return old is not None
        if old is None:
            old = RoleAssignment(user=write.user, role=write.role, unit=write.takes)
            self.new.append(old)
        else:
            self.moved[write.takes.pk].append(old.pk)
        self.held[write.user.pk, str(write.role), write.takes.pk] = old
        return True

    def write(self) -> None:
        if self.gone:
            RoleAssignment.objects.filter(pk__in=self.gone).delete()
        for unit, pks in self.moved.items():
            RoleAssignment.objects.filter(pk__in=pks).update(unit=unit)
        RoleAssignment.objects.bulk_create(self.new)


def _key(assignment: RoleAssignment) -> _Key:
    return assignment.user_id, assignment.role, assignment.unit_id


def _settle(
    changed: Sequence[RoleWrite], people: Mapping[int, User], held: set[tuple[int, str]]
) -> None:
    """Put people into the groups of their roles; staff see the style guide: administrators."""
    joins: dict[Role, set[int]] = defaultdict(set)
    leaves: dict[Role, set[int]] = defaultdict(set)
    for write in changed:
        side = joins if (write.user.pk, str(write.role)) in held else leaves
        side[write.role].add(write.user.pk)
    for role, pks in joins.items():
        _group(role).user_set.add(*pks)
    for role, pks in leaves.items():
        _group(role).user_set.remove(*pks)
    for pk in {write.user.pk for write in changed}:
        person = people[pk]
        is_staff = person.is_superuser or (pk, str(Role.ADMINISTRATOR)) in held
        if person.is_staff != is_staff:
            person.is_staff = is_staff
            person.save(update_fields=["is_staff"])


def _log(user: User, action: str, role: Role, unit: AdministrativeUnit, by: User | None) -> None:
    log(instance=user, action=action, user=by, data={"role": str(role), "unit": str(unit)})


def _forget_scope(user: User) -> None:
    for known in ("scope", "holds_roles"):
        user.__dict__.pop(known, None)
