"""Write the handbook as Markdown, and build its site with MkDocs."""
