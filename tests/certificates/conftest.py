"""A class in Kim Bảng that Nguyễn Thị Hương of Đức Lý has completed, and a template in use."""

from certificates.models import Certificate, CertificateTemplate
from courses.models import CoursePage, CourseRun, Enrolment
from lms.geography.models import BoundaryEdition
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import make_course, make_run
from tests.factories.geography import unit
from tests.shared import shared


@shared
def course(edition: BoundaryEdition) -> CoursePage:
    return make_course()


@shared
def run(course: CoursePage) -> CourseRun:
    return make_run(course, unit("350"), title="Lớp tập huấn số 1")


@shared
def template(course: CoursePage) -> CertificateTemplate:
    return CertificateTemplateFactory()


@shared
def enrolment(run: CourseRun) -> Enrolment:
    return completed(run, unit("13591"), "Nguyễn Thị Hương")


@shared
def certificate(enrolment: Enrolment, template: CertificateTemplate) -> Certificate:
    return issued(enrolment)
