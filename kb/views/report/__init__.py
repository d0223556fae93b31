"""A report as a page and as Markdown, both from one neutral document of blocks."""
