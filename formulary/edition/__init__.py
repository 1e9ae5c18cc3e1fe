"""One organisation in one year: texts filled in, dates worked out, forms as it offers them."""
