from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from certificates import receivers  # noqa: PLC0415
        from certificates.columns import CertificatesIssued  # noqa: PLC0415
        from certificates.gauges import GAUGES  # noqa: PLC0415
        from certificates.menu import register_navigation  # noqa: PLC0415
        from certificates.opening_checks import TemplateInUse  # noqa: PLC0415
        from certificates.panels import register_panels  # noqa: PLC0415
        from certificates.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from certificates.proofs import PROOFS  # noqa: PLC0415
        from certificates.quality_checks import CHECKS  # noqa: PLC0415
        from certificates.reminders import CERTIFICATE_REMINDERS  # noqa: PLC0415
        from certificates.resources import TEMPLATES  # noqa: PLC0415
        from certificates.transcript import CertificateNumber  # noqa: PLC0415
        from courses.extensions import opening_checks, transcript_facts  # noqa: PLC0415
        from courses.signals import completion_withdrawn, enrolment_completed  # noqa: PLC0415
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.core.gauges import gauges  # noqa: PLC0415
        from lms.core.quality import quality_checks  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415
        from lms.ops.proofs import proofs  # noqa: PLC0415
        from lms.reporting.extensions import report_columns  # noqa: PLC0415

        enrolment_completed.connect(
            receivers.issue_on_commit, dispatch_uid="certificates.issue_on_commit"
        )
        completion_withdrawn.connect(receivers.flag, dispatch_uid="certificates.flag")
        reminder_kinds.register(*CERTIFICATE_REMINDERS)
        register_navigation()
        register_panels()
        transcript_facts.register(CertificateNumber())
        opening_checks.register(TemplateInUse())
        report_columns.register(CertificatesIssued())
        quality_checks.register(*CHECKS)
        gauges.register(*GAUGES)
        personal_data.register(*PERSONAL_DATA)
        import_kinds.register(TEMPLATES)
        proofs.register(*PROOFS)
