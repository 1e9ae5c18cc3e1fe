"""Forms that are filled in in the browser: a page for each, its script, and what it writes from."""
