"""Lists of people that are imported; `lms.importing` registers them."""
