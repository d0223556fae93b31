"""The Neo4j engine: a database on a server, reached by the official driver."""
