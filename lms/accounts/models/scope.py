"""The units that a person's roles cover, as a filter for any model that stands on a unit."""

from dataclasses import dataclass

from django.db.models import Q

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.geography.models import AdministrativeUnit


@dataclass(frozen=True)
class UnitScope:
    """`assignments`: pairs of role and treebeard path. `everywhere`: a superuser's.

    The paths are those of the units of the roles, and of what lies in these units on other maps.
    """

    assignments: tuple[tuple[str, str], ...] = ()
    everywhere: bool = False

    def has_role(self, *roles: Role) -> bool:
        return self.everywhere or any(role in roles for role, _path in self.assignments)

    @property
    def oversees(self) -> bool:
        """Whether the person watches over any unit at all."""
        return self.has_role(*OVERSIGHT_ROLES)

    @property
    def administers_province(self) -> bool:
        """Whether the person is administrator of a whole province."""
        return self.reaches_province((Role.ADMINISTRATOR,))

    @property
    def oversees_province(self) -> bool:
        """Whether the person watches over a whole province, and so over it on every map."""
        return self.reaches_province(OVERSIGHT_ROLES)

    def reaches_province(self, roles: tuple[Role, ...]) -> bool:
        """Return whether one of these roles is held on the root of a tree of units."""
        return self.everywhere or any(
            role in roles and len(path) == AdministrativeUnit.steplen
            for role, path in self.assignments
        )

    @property
    def uppermost_path(self) -> str:
        """The path of the uppermost unit the person watches over; "" without one."""
        return min(self.top_paths, key=lambda path: (len(path), path), default="")

    @property
    def top_paths(self) -> set[str]:
        """The paths of the units the person watches over that lie in no other of them."""
        tops: list[str] = []
        # In this order what lies in a unit stands behind it: each with each would be a million of a thousand.
        for path in sorted({path for role, path in self.assignments if role in OVERSIGHT_ROLES}):
            if not tops or not path.startswith(tops[-1]):
                tops.append(path)
        return set(tops)

    def units_q(self, unit_field: str, roles: tuple[Role, ...] = OVERSIGHT_ROLES) -> Q:
        """Return rows whose unit these roles cover; "" when the rows are the units themselves."""
        if self.everywhere:
            return Q()
        prefix = f"{unit_field}__" if unit_field else ""
        covered = Q(pk__in=[])
        for role, path in self.assignments:
            if role in roles:
                covered |= Q(**{f"{prefix}path__startswith": path})
        return covered

    def roots_q(self) -> Q:
        """Return the units of the trees in which any role is held."""
        steplen, found = AdministrativeUnit.steplen, Q(pk__in=[])
        for root in sorted({path[:steplen] for _role, path in self.assignments}):
            found |= Q(path__startswith=root)
        return found

    def covers(self, path: str, roles: tuple[Role, ...] = OVERSIGHT_ROLES) -> bool:
        """Return whether the unit at this path is covered."""
        return self.everywhere or any(
            role in roles and path.startswith(own) for role, own in self.assignments
        )
