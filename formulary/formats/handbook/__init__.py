"""The handbook: editions, papers and downloads come in, Markdown and the site made of it go out."""
