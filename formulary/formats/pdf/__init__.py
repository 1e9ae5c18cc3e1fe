"""Write forms and policies as tagged PDF documents, and read the forms that come back."""
