"""PDF: blanks and papers come in, tagged documents go out; filled-in ones are read."""
