"""What courses tell whoever listens; plug-ins connect in `AppConfig.ready()`.

Each is sent with `send` (not `send_robust`) inside the transaction that changed the
enrolment: a receiver that raises undoes the change. So a receiver only writes what must stand or
fall with it, and hands longer work to `transaction.on_commit`.
"""

from django.dispatch import Signal

# Arguments: enrolment (Enrolment, status COMPLETED, saved).
# Once each time an enrolment goes from not completed to completed.
enrolment_completed = Signal()

# Arguments: enrolment (Enrolment, status ACTIVE, saved), reasons (list of CriterionResult not met).
# Once each time a completed enrolment no longer meets its requirements, after a correction.
completion_withdrawn = Signal()

# Arguments: run (CourseRun, status OPEN, saved).
# Once, when a planned class is opened for its trainees.
run_opened = Signal()

# Arguments: run (CourseRun, status CANCELLED, saved).
# Once, when a class has been cancelled: a receiver that raises a Refusal keeps it from being so.
run_cancelled = Signal()

# Arguments: run (CourseRun, saved), fields (names of those that became others).
# Each time the facts of a class were changed: what shows them elsewhere is to be shown anew.
run_changed = Signal()

# Arguments: plan (CopyPlan), run (CourseRun, the copy, saved), by (User), at (datetime).
# Once, when a class has been copied with its trainers and requirements: copy what else is planned.
run_copied = Signal()

# Arguments: run (CourseRun), before and after (parameters by key of the criterion).
# Each time a version of what a class asks is put in force, before anybody is judged by it: whoever
# keeps figures that depend on the parameters makes them anew.
requirements_set = Signal()
