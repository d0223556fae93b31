"""From files to the graph: the recogniser, one module per document kind, the threat tagger, and the loader."""
