"""Read Word documents that others made, and write what they say as content of a project."""
