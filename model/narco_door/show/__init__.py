"""What people see: figures, the picture of the doors, words in two languages, tables of the documents."""
