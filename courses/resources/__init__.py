"""Lists of courses that are imported; `CoursesConfig` registers them."""
