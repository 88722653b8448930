"""Runs web, worker and beat as children of one process: start, watch, restart, stop in order.

For `manage.py run_suite` only; on a server the containers do this.
"""
