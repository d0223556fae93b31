"""The schema, the nodes and relations, ids and scores: pure, no input or output."""
