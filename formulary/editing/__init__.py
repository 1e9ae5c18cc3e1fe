"""The editor: the handbook in the browser, with a pencil on every text that HR writes."""
