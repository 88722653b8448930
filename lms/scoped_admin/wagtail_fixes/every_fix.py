"""All that is mended in Wagtail, in one place: called once, when the models are there."""

from lms.scoped_admin.wagtail_fixes.wagtail_csp import use_chooser_without_script
from lms.scoped_admin.wagtail_fixes.wagtail_deletion import keep_pictures_that_were_shown
from lms.scoped_admin.wagtail_fixes.wagtail_drafts import save_drafts_apart
from lms.scoped_admin.wagtail_fixes.wagtail_exports import hand_out_wagtails_lists
from lms.scoped_admin.wagtail_fixes.wagtail_files import use_whole_pictures
from lms.scoped_admin.wagtail_fixes.wagtail_forms import doubt_forms
from lms.scoped_admin.wagtail_fixes.wagtail_page_saves import save_pages_in_turn
from lms.scoped_admin.wagtail_fixes.wagtail_previews import keep_one_preview
from lms.scoped_admin.wagtail_fixes.wagtail_rich_text import read_texts_apart
from lms.scoped_admin.wagtail_fixes.wagtail_row_numbers import doubt_row_numbers
from lms.scoped_admin.wagtail_fixes.wagtail_slugs import use_one_rule_of_slugs
from lms.scoped_admin.wagtail_fixes.wagtail_truths import use_words_for_truths
from lms.scoped_admin.wagtail_fixes.wagtail_usage import tell_people_in_usage


def mend_wagtail() -> None:
    doubt_row_numbers()
    doubt_forms()
    hand_out_wagtails_lists()
    use_chooser_without_script()
    keep_pictures_that_were_shown()
    use_whole_pictures()
    use_one_rule_of_slugs()
    use_words_for_truths()
    tell_people_in_usage()
    read_texts_apart()
    save_drafts_apart()
    save_pages_in_turn()
    keep_one_preview()
