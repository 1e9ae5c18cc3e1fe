"""The linter: what is wrong with the content, found by looking at more than one place."""
