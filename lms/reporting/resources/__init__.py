"""Lists of reports that are imported; `ReportingConfig` registers them."""
