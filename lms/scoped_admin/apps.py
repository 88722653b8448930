from django.apps import AppConfig


class ScopedAdminConfig(AppConfig):
    name = "lms.scoped_admin"

    def ready(self) -> None:
        from lms.scoped_admin import checks  # noqa: F401, PLC0415 (registers them; needs the models)
        from lms.scoped_admin.wagtail_fixes.every_fix import mend_wagtail  # noqa: PLC0415 (likewise)

        mend_wagtail()
