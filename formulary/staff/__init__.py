"""Staff lists: read from CSV or Excel, and turned into who gets which forms.

Everything that cannot be read, or can be read in two ways, is reported with its row; nothing is
guessed silently, and nothing in a list is ever taken for a formula or a template.
"""
