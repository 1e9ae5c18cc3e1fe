"""How forms, policies and handbooks are written and read: a format a folder, each by itself."""
