"""Outside tools that judge, fill and draw what Formulary writes; see README.md beside this file."""
