"""A country made up in the database itself: places, people, posts, classes and lessons of ten years.

By `COPY` and `INSERT … SELECT`, with the triggers away: half a million people take minutes. Nothing of it is
anybody's: names are drawn from those of `tests.benchmarks.search`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from courses.models import CourseEdition, CoursePage, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.core.text import fold, given_name, sort_key
from lms.geography.domain.areas import record_places
from lms.geography.domain.rules import ListedUnit
from lms.geography.domain.succession import Atlas
from lms.geography.domain.writing import grow_tree, next_root_step
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.models import CoverageTarget, TallyState
from tests.benchmarks.search import FAMILY, GIVEN, MIDDLE

CODE = "BENCH-COUNTRY"
TABLES = (
    "accounts_user",
    "accounts_posting",
    "courses_courserun",
    "courses_runchange",
    "courses_enrolment",
    "courses_enrolmentchange",
    "courses_lessoncompletion",
)
#: One province in so many has a target of its own, the first among them.
WITH_TARGET = 7
#: People of a commune; communes of the first province, which so has 3,000 people.
OF_COMMUNE = 50
FIRST_PROVINCE = 60
#: A class begins each half-year for ten years: the last but one goes on, the last is to come.
WAVES, HALF_A_YEAR = 22, timedelta(days=182)
#: Lessons at most that somebody reads who completes a class; the two courses of the demo make more than ten a person.
LESSONS = 10


@dataclass(frozen=True)
class Size:
    """How large the country is: a smaller one has fewer provinces, each as large."""

    people: int = 500_000

    @property
    def communes(self) -> int:
        return self.people // OF_COMMUNE

    @property
    def provinces(self) -> int:
        return max(2, round(self.communes * 63 / 10_000))

    @property
    def districts(self) -> int:
        return max(2 * self.provinces, round(self.communes * 700 / 10_000))


def make_country(size: Size) -> Programme:
    """Return the programme that all of it belongs to; made once, whatever size was asked first."""
    if made := Programme.objects.filter(code=CODE).first():
        return made
    with transaction.atomic(), connection.cursor() as cursor:
        # No trigger and no foreign key is asked: all of it fits by the way it is made.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        programme = _make_programme(_make_map(size))
        _copy_names(cursor)
        _insert(cursor, programme)
        _set_targets(programme)
        record_places(Atlas())
        TallyState.objects.filter(programme=programme).delete()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    return programme


def _make_map(size: Size) -> BoundaryEdition:
    today = localdate()
    edition = BoundaryEdition.objects.create(
        code=CODE, valid_from=today - WAVES * HALF_A_YEAR, province_name="Cả nước", legal_basis="—"
    )
    first = next_root_step()
    for number, listed in enumerate(_provinces(size)):
        units = grow_tree(edition=edition, units=listed, root_step=first + number)
        AdministrativeUnit.objects.bulk_create(units.values())
    return edition


def _provinces(size: Size) -> Iterator[list[ListedUnit]]:
    """Yield the units of each province: the first is small, the others share what is left."""
    others = size.provinces - 1
    left = size.communes - FIRST_PROVINCE
    communes = [FIRST_PROVINCE, *(left // others + (n < left % others) for n in range(others))]
    for number, count in enumerate(communes):
        province = f"P{number:02d}"
        listed = [ListedUnit(0, Level.PROVINCE, province, "tỉnh", f"Mẫu {number + 1}")]
        districts = max(1, round(size.districts * count / size.communes))
        for district in range(districts):
            code = f"{province}-{district:02d}"
            name = f"{number + 1}.{district + 1}"
            listed.append(ListedUnit(0, Level.DISTRICT, code, "huyện", name, province))
        for commune in range(count):
            code = f"{province}-{commune % districts:02d}"
            name = f"{number + 1}.{commune % districts + 1}.{commune + 1}"
            listed.append(
                ListedUnit(0, Level.COMMUNE, f"{province}C{commune:04d}", "xã", name, code)
            )
        yield listed


def _make_programme(edition: BoundaryEdition) -> Programme:
    """Two courses for officers and collaborators, those of the demo."""
    programme = Programme.objects.create(
        code=CODE,
        name="Cả nước",
        edition=edition,
        starts_on=localdate() - WAVES * HALF_A_YEAR,
        ends_on=localdate() + WAVES * HALF_A_YEAR,
    )
    courses = CoursePage.objects.live().filter(pk__in=CourseEdition.objects.values("course"))[:2]
    ProgrammeRequirement.objects.bulk_create(
        ProgrammeRequirement(programme=programme, course=course, cadre=cadre)
        for course, cadre in product(courses, (Cadre.COMMUNE_OFFICER, Cadre.COLLABORATOR))
    )
    return programme


def _set_targets(programme: Programme) -> None:
    """Let every seventh province ask that four in five complete: communes are then compared one by one."""
    provinces = programme.edition.units.filter(level=Level.PROVINCE).order_by("path")
    CoverageTarget.objects.bulk_create(
        CoverageTarget(programme=programme, unit=province, percent=80)
        for province in provinces[::WITH_TARGET]
    )


def _copy_names(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMP TABLE bench_name (number int, full_name text, given_name text, sort_key text,"
        " folded text) ON COMMIT DROP"
    )
    names = [" ".join(parts) for parts in product(FAMILY, MIDDLE, GIVEN)]
    with cursor.copy("COPY bench_name FROM STDIN") as copy:
        for number, name in enumerate(names):
            copy.write_row((number, name, given_name(name), sort_key(name), fold(name)))


def _insert(cursor: Any, programme: Programme) -> None:
    asked = {
        "programme": programme.pk,
        "edition": programme.edition_id,
        "today": localdate(),
        "of_commune": OF_COMMUNE,
        "waves": WAVES,
        "lessons": LESSONS,
    }
    for statement in _STATEMENTS:
        cursor.execute(statement, asked)


_STATEMENTS = (
    # Every hundredth stands in the office of the district, every fifth is an officer. In which half-year
    # the first of the two classes begins; nobody has one of the last for the second.
    """
    CREATE TEMP TABLE bench_person ON COMMIT DROP AS
    SELECT nextval('accounts_user_id_seq') AS user_id, nextval('accounts_posting_id_seq') AS posting_id,
        row_number() OVER (ORDER BY u.path, n) AS number, d.id AS district_id,
        CASE WHEN n = 0 AND right(u.code, 1) IN ('0', '5') THEN d.id ELSE u.id END AS unit_id,
        CASE WHEN n %% 5 = 0 THEN 'commune_officer' ELSE 'collaborator' END AS cadre,
        floor(random() * (%(waves)s - 1))::int AS wave, random() < 0.08 AS is_in_none
    FROM geography_administrativeunit u
    JOIN geography_administrativeunit d
        ON d.path = left(u.path, 8) AND d.edition_id = u.edition_id
    CROSS JOIN generate_series(0, %(of_commune)s - 1) n
    WHERE u.edition_id = %(edition)s AND u.level = 'commune'
    """,
    """
    INSERT INTO accounts_user (id, password, is_superuser, staff_code, full_name, given_name, sort_key,
        search_text, folded_name, phone, phone_raw, sex, year_of_birth, is_sample, is_minimal, is_active,
        is_staff, date_joined)
    SELECT p.user_id, '!' || p.number, false, 'QG' || lpad(p.number::text, 7, '0'), a.full_name,
        a.given_name, a.sort_key, a.folded || ' qg' || lpad(p.number::text, 7, '0'), a.folded,
        '+8470' || lpad(p.number::text, 7, '0'), '',
        CASE WHEN random() < 0.6 THEN 'female' WHEN random() < 0.9 THEN 'male' ELSE '' END,
        1955 + floor(random() * 50)::int, true, false, true, false, now() - interval '10 years'
    FROM bench_person p
    JOIN bench_name a ON a.number = (p.number * 7919) %% (SELECT count(*) FROM bench_name)
    """,
    """
    INSERT INTO accounts_posting (id, user_id, unit_id, cadre, valid_from)
    SELECT posting_id, user_id, unit_id, cadre, %(today)s::date - 4000 FROM bench_person
    """,
    # One in ten stood in another place before.
    """
    INSERT INTO accounts_posting (user_id, unit_id, cadre, valid_from, valid_to)
    SELECT user_id, district_id, cadre, %(today)s::date - 5000, %(today)s::date - 4001
    FROM bench_person WHERE number %% 10 = 0
    """,
    """
    CREATE TEMP TABLE bench_course ON COMMIT DROP AS
    SELECT course_id, row_number() OVER (ORDER BY course_id) - 1 AS place,
        (SELECT max(id) FROM courses_courseedition e WHERE e.course_id = r.course_id) AS edition_id
    FROM courses_programmerequirement r WHERE programme_id = %(programme)s GROUP BY course_id
    """,
    """
    INSERT INTO courses_courserun (programme_id, course_id, code, edition_id, title, unit_id, place,
        starts_on, ends_on, status, cancel_reason, search_text)
    SELECT %(programme)s, c.course_id, concat_ws('-', 'QG', d.code, c.place, w), c.edition_id,
        concat_ws(' ', 'Lớp', d.name, c.place + 1, w + 1), d.id, d.name, first, first + 60,
        CASE WHEN w < %(waves)s - 2 THEN 'closed' ELSE 'open' END, '', lower(d.code)
    FROM geography_administrativeunit d, bench_course c, generate_series(0, %(waves)s - 1) w,
        LATERAL (SELECT %(today)s::date + 160 - 182 * (%(waves)s - 1 - w) AS first) days
    WHERE d.edition_id = %(edition)s AND d.level = 'district'
    """,
    # Four in five complete a class that is over, one in five one that goes on.
    """
    INSERT INTO courses_enrolment (user_id, run_id, posting_id, unit_id, cadre, status, enrolled_at,
        completed_at, completed_version, completed_edition_id)
    SELECT p.user_id, r.id, p.posting_id, p.unit_id, p.cadre, told.status, r.starts_on - 10,
        CASE WHEN is_done THEN least(r.ends_on, %(today)s) + random() * interval '-20 days' END,
        CASE WHEN is_done THEN 1 END, CASE WHEN is_done THEN r.edition_id END
    FROM bench_person p CROSS JOIN bench_course c
    JOIN courses_courserun r ON r.programme_id = %(programme)s AND r.unit_id = p.district_id
        AND r.course_id = c.course_id
        AND r.code = concat_ws('-', 'QG', (SELECT code FROM geography_administrativeunit d
            WHERE d.id = p.district_id), c.place, p.wave + c.place),
        LATERAL (SELECT random() + (r.starts_on > %(today)s)::int AS fate, p.wave) chance,
        LATERAL (SELECT fate < CASE r.status WHEN 'closed' THEN 0.8 ELSE 0.2 END AS is_done) done,
        LATERAL (SELECT CASE WHEN is_done THEN 'completed' WHEN fate BETWEEN 0.9 AND 0.95
            THEN 'withdrawn' ELSE 'active' END AS status) told
    WHERE NOT p.is_in_none
    """,
    """
    CREATE TEMP TABLE bench_lesson ON COMMIT DROP AS
    SELECT c.course_id, l.id AS lesson_id, row_number() OVER (PARTITION BY c.course_id ORDER BY l.path) AS place
    FROM bench_course c JOIN wagtailcore_page p ON p.id = c.course_id
    JOIN wagtailcore_page l ON l.path LIKE p.path || '%%' AND l.depth > p.depth
    JOIN courses_lessonpage o ON o.page_ptr_id = l.id
    """,
    """
    INSERT INTO courses_lessoncompletion (enrolment_id, lesson_id, completed_at)
    SELECT e.id, l.lesson_id, e.enrolled_at + l.place * interval '2 days'
    FROM courses_enrolment e JOIN courses_courserun r ON r.id = e.run_id
    JOIN bench_lesson l ON l.course_id = r.course_id
        AND l.place <= CASE e.status WHEN 'completed' THEN %(lessons)s ELSE 3 END
    WHERE r.programme_id = %(programme)s AND r.starts_on <= %(today)s
    """,
    # What tells of past days: a class opens three weeks before it begins, and closes after it.
    """
    INSERT INTO courses_runchange (run_id, status, starts_on, at, recorded_at, is_inferred)
    SELECT id, told.status, starts_on, told.at, told.at, false
    FROM courses_courserun, LATERAL (
        SELECT 'open' AS status, starts_on - interval '21 days' AS at
        UNION ALL SELECT 'closed', ends_on + interval '1 day' WHERE status = 'closed') told
    WHERE programme_id = %(programme)s
    """,
    """
    INSERT INTO courses_enrolmentchange (enrolment_id, status, unit_id, cadre, enrolled_at, completed_at,
        at, recorded_at, is_inferred)
    SELECT e.id, told.status, e.unit_id, e.cadre, e.enrolled_at, told.completed_at, told.at, told.at, false
    FROM courses_enrolment e JOIN courses_courserun r ON r.id = e.run_id, LATERAL (
        SELECT 'active' AS status, NULL::timestamptz AS completed_at, e.enrolled_at AS at
        UNION ALL SELECT e.status, e.completed_at, coalesce(e.completed_at, e.enrolled_at + interval '30 days')
        WHERE e.status <> 'active') told
    WHERE r.programme_id = %(programme)s
    """,
)
