"""The files that were handed in: out of folders, archives and mails, each as bytes."""
