"""Write forms and policies as Word documents, and read the forms that come back."""
