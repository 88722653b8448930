from lms.ops.dashboard import LateBackup
from lms.scoped_admin.dashboard import register_dashboard_panel

register_dashboard_panel(LateBackup)
