"""Forms that came back: found in folders, archives and mails, identified and checked.

Nothing is ever unpacked onto the disk.
"""
