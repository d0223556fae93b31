"""A Neo4j server in the foreground, for whoever has no Docker: ``make neo4j`` prints what to export and runs until Ctrl-C."""

import signal
import sys

from server.jars import JarsError
from server.launch import Neo4jServer, ServerError


def main() -> None:
    """Run until the input ends or a signal comes."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Neo4jServer.start() as server:
            print(f"export NEO4J_URI={server.uri} NEO4J_USERNAME={server.user} NEO4J_PASSWORD={server.password}", flush=True)
            print("Ctrl-C ends the server, and its data go with it.", file=sys.stderr)
            sys.stdin.read()
    except KeyboardInterrupt:
        pass
    except (JarsError, ServerError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
