# newsroom: `make demo` runs it, `make test` proves it. Needs Python 3.11 with venv, and nothing else.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/installed

.PHONY: help demo test stripe-live check bench mutate reset lock install
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

demo: install  ## run the whole of newsroom at http://127.0.0.1:8000 (PORT=…); Ctrl-C stops it
	@exec $(BIN)/python -m newsroom.config.demo --port $(PORT)

test: install  ## every test (ARGS=… for pytest)
	@$(BIN)/python -m pytest $(ARGS)

stripe-live: install  ## the journeys of money on Stripe itself: make stripe-live STRIPE_TEST_KEY=sk_test_…
	@test -n "$(STRIPE_TEST_KEY)" || { echo "Give a test key: make stripe-live STRIPE_TEST_KEY=sk_test_…" >&2; exit 2; }
	@STRIPE_TEST_KEY="$(STRIPE_TEST_KEY)" $(BIN)/python -m pytest -n 0 --force-enable-socket tests/stripe_live $(ARGS)

check: export NEWSROOM_MODE = test
check: export BILLING_MODE = sandbox
check: install  ## lint, format, types, imports, migrations, .env.example, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy newsroom
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run  # which needs no database
	$(BIN)/python -m newsroom.config.env | diff .env.example -
	$(BIN)/python -m pytest -q -n 0 tests/architecture

bench: install  ## the figures in the README (ONLY=name for some of them)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

mutate: install  ## each guard out over the whole leak suite, and each rule of the gate changed (ARGS=guards or rules)
	@$(BIN)/python -m tests.leaks.mutate $(ARGS)

reset: install  ## forget the demo's data
	@$(BIN)/python -m newsroom.config.demo --reset

lock: install  ## pin every package anew, by hash
	@$(BIN)/uv pip compile --quiet --upgrade --universal --all-extras --generate-hashes --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url --no-config pyproject.toml --output-file requirements.lock

install: $(READY)

$(READY): requirements.lock newsroom/config/install.py
	@$(PYTHON) -I newsroom/config/install.py
