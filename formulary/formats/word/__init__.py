"""Word: blanks and papers come in, documents go out; filled-in ones are read."""
