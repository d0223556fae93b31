"""Answers as text, one module per output: a view is a function from an answer to a string, and writes nothing anywhere."""
