# The two commands of the README: `make serve` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Half of the tests' time is waiting: for a browser, for a process that stops, for a disk.
TEST_WORKERS ?= $(shell $(PYTHON) -c "import os; print(min(4, 2 * (os.cpu_count() or 1)))")

.PHONY: serve demo test check lint types imports bench client client-check clean

.venv/run.stamp: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt requirements/oracle.txt
	$(BIN)/pip install --quiet -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps -r requirements/oracle.txt
	touch $@

serve: .venv/run.stamp
	exec $(BIN)/footfall serve

demo: .venv/run.stamp
	exec $(BIN)/footfall demo

test: .venv/dev.stamp
	$(BIN)/pytest -q -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

# The four are independent: two at a time, each one's words together.
check: .venv/dev.stamp
	$(MAKE) --no-print-directory -j 2 -O lint types imports client-check

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

imports: .venv/dev.stamp
	$(BIN)/lint-imports

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks

client/node_modules/.stamp: client/package-lock.json
	cd client && npm ci --no-audit --no-fund --ignore-scripts
	touch $@

client: client/node_modules/.stamp
	cd client && npm run build

# Fails when the committed scripts differ from a fresh build; says so where there is no Node.
client-check:
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory client-fresh; \
	else echo "client-check: no Node here, committed scripts not compared"; fi

client-fresh: client/node_modules/.stamp
	cd client && npm run check

clean:
	rm -rf .venv client/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
