# The two commands: `make run` and `make test`. Everything else is for those who work on it.
PYTHON ?= python3
GUANJIA := .venv/bin/guanjia
BENCH ?=

.PHONY: run test setup bench test-long lint lock clean

run: setup
	@exec $(GUANJIA) up $(ARGS)

setup:
	@$(PYTHON) -m bot.setup

test: setup lint
	@.venv/bin/python -m pytest tests -n 2 --dist loadgroup

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup
	@.venv/bin/python -m tests.benchmarks $(BENCH)

test-long: setup
	@.venv/bin/python -m pytest tests -m long

# The locks hold versions and hashes only: no address.
lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group dev pyproject.toml -o requirements.lock
	uv pip compile --generate-hashes --no-header --no-annotate --python-version 3.10 nlu/requirements.in -o nlu/requirements.lock

clean:
	rm -rf .venv nlu/.venv var
