"""The content as HR wrote it: YAML files read into models, each value with its place."""
