from django.apps import AppConfig


class ScopedAdminConfig(AppConfig):
    name = "lms.scoped_admin"

    def ready(self) -> None:
        from lms.scoped_admin import checks  # noqa: F401, PLC0415 (registers them; needs the models)
        from lms.scoped_admin.wagtail_fixes.wagtail_csp import (  # noqa: PLC0415 (likewise)
            use_chooser_without_script,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_deletion import (  # noqa: PLC0415 (likewise)
            keep_pictures_that_were_shown,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_exports import (  # noqa: PLC0415 (likewise)
            hand_out_wagtails_lists,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_files import (  # noqa: PLC0415 (likewise)
            use_whole_pictures,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_forms import (  # noqa: PLC0415 (likewise)
            doubt_forms,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_row_numbers import (  # noqa: PLC0415 (likewise)
            doubt_row_numbers,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_slugs import (  # noqa: PLC0415 (likewise)
            use_one_rule_of_slugs,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_truths import (  # noqa: PLC0415 (likewise)
            use_words_for_truths,
        )
        from lms.scoped_admin.wagtail_fixes.wagtail_usage import (  # noqa: PLC0415 (likewise)
            tell_people_in_usage,
        )

        doubt_row_numbers()
        doubt_forms()
        hand_out_wagtails_lists()
        use_chooser_without_script()
        keep_pictures_that_were_shown()
        use_whole_pictures()
        use_one_rule_of_slugs()
        use_words_for_truths()
        tell_people_in_usage()
