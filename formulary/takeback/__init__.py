"""Take a policy back from Word: find what was changed in it, and change the YAML so."""
