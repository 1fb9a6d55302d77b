"""What stands in the text of pages: macros, marks, code."""
