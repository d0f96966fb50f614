"""The builder of reports: what is asked at the left, the lines as they are just now at the right."""
