# Everything that a developer or CI types. Each target sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo

.PHONY: help demo test test-neo4j-next lint check generate up down neo4j lock-neo4j chromium clean

help:  ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 18

demo: $(DEMO)/venv/bin/kb  ## install the wheel elsewhere and answer question 1 for real agents
	@rm -rf $(DEMO)/work && mkdir -p $(DEMO)/work out
	@cd $(DEMO)/work && OUT="$(CURDIR)/out" PATH="$(CURDIR)/$(DEMO)/venv/bin:$$PATH" sh "$(CURDIR)/docs/demo.sh"

test: .venv/installed  ## all tests
	$(BIN)/pytest $(PYTEST_ARGS)

test-neo4j-next: .venv/installed  ## the engines' tests on the newest Neo4j, which is not yet the one we support
	$(BIN)/pytest tests/server tests/conformance --engines=neo4j --neo4j-lock=tests/server/neo4j-next.lock $(PYTEST_ARGS)

lint: .venv/installed  ## style, types, architecture, docstrings, licences, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet kb
	$(BIN)/reuse --suppress-deprecation lint --quiet || $(BIN)/reuse --suppress-deprecation lint

check: lint test  ## lint and test

generate: .venv/installed  ## everything that is derived: catalogue, schemas, documentation
	$(BIN)/python -m kb.catalog.compile
	$(BIN)/python docs/generate_cli.py
	$(BIN)/python docs/generate_questions.py
	$(BIN)/python docs/generate_neo4j.py

up:  ## a Neo4j in Docker, with the password that NEO4J_PASSWORD says
	docker compose up --detach --wait

down:  ## end it; its data stay in the volume
	@NEO4J_PASSWORD=$${NEO4J_PASSWORD:-unused} docker compose down

neo4j: .venv/installed  ## a Neo4j without Docker, in the foreground and with nothing in it; says what to export
	@PYTHONPATH=tests $(BIN)/python -m server

lock-neo4j: .venv/installed  ## look for newer Neo4j jars and write down their SHA-256
	PYTHONPATH=tests $(BIN)/python -m server.lock 5.26 tests/server/neo4j.lock
	PYTHONPATH=tests $(BIN)/python -m server.lock 20 tests/server/neo4j-next.lock

chromium:  ## Debian's Chromium and its driver, for tests/browser, where they are not there yet
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { \
	  as=; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	  $$as apt-get update --quiet=2 && $$as env DEBIAN_FRONTEND=noninteractive \
	  apt-get install --quiet=2 --yes --no-install-recommends chromium chromium-driver; } || { \
	  echo "the tests in a browser need Chromium: as root, with a network, apt-get install chromium chromium-driver" >&2; exit 1; }

clean:  ## remove what these targets made
	rm -rf .venv $(DEMO) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'  # the first that reads dependency groups
	$(BIN)/python -m pip install --quiet --editable '.[html]' --group dev --group neo4j-server
	@touch $@

$(DEMO)/venv/bin/kb: pyproject.toml $(shell find kb cypher seeds -type f -not -name '*.pyc')
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(PYTHON) -m venv $(DEMO)/venv
	@$(DEMO)/venv/bin/python -m pip wheel --quiet --no-deps --wheel-dir $(DEMO)/dist .
	@$(DEMO)/venv/bin/python -m pip install --quiet $(DEMO)/dist/*.whl
	@touch $@
