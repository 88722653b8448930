# make run      the whole suite on this machine, with demo data (make run PORT=8001)
# make dev      the same data, with debug pages; code is reloaded
# make shell    a Python shell with the models of that suite
# make test     every check and test; each step below is a target of its own
# make fuzz     random search beyond what make test asks (make fuzz MINUTES=10)
# make one      one test: make one T=tests/courses/domain/test_runs.py DB=postgres (or sqlite)
# make fmt      format code and templates, mend what the linter can mend
# make bench    measurements, each as a ratio to a floor (make bench ONLY="lesson pages", ONLY="country --people 500000")
# make messages extract and compile the translations
# make migration         write one: make migration APP=courses NAME=add_room_of_sessions
# make rebase-migration  put it last after a conflict in max_migration.txt: APP=courses
# make clean    remove what was set up and made; the data in var/ stay
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 8000
# The interpreter to build .venv with; empty: the first one found that is new enough.
PYTHON ?=
UV_VERSION := 0.13.9
# Parts of the bench by name; empty: all of them.
ONLY ?=
# One more than cores: a process waits for its database a third of the time.
TEST_PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# How long the random search goes on.
MINUTES ?= 10

# Dozens of processes are started: none of them should compile everything anew, as they would
# where the machine asks for no byte code.
unexport PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
# A set-up is redone when the lock changes, not when a file's time does.
LOCK := $(shell cat uv.lock pyproject.toml | cksum | cut -d' ' -f1)
RUN_READY := .venv/.ready-run-$(LOCK)
TEST_READY := .venv/.ready-test-$(LOCK)
MESSAGES_READY := .venv/.ready-messages
CATALOGUES := $(shell find lms courses attendance certificates -name '*.po')
PY := .venv/bin/python
SERVICES := $(PY) -m tests.services
PYTEST = pytest -n $(TEST_PROCESSES) --durations=12 --durations-min=5
# $(call marked,A|B): the files with tests so marked; the others need not be read to leave them out.
marked = $(shell grep -rlE 'mark\.($(1))\>' tests --include='test_*.py')
# What each step of `make test` took, and when the first make of it began: making .venv anew
# throws away what lies in it.
TIMES := .venv/.step-times
ifndef BEGUN
export BEGUN := $(shell date +%s)
endif

# $(call step,What is checked,command): a plain word when it fails and how to repeat it alone.
define step
	@printf '\n==> %s\n' "$(1)"
	@begun=$$(date +%s); \
	$(2) || { printf '\nFAILED: %s. To repeat this step alone: make %s\n' "$(1)" "$@"; exit 1; }; \
	printf '%5d s  %s\n' $$(($$(date +%s) - begun)) "$(1)" >> $(TIMES)
endef

.PHONY: help
help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# --- Set-up -------------------------------------------------------------------

.venv/bin/uv:
	@printf 'Setting up .venv (once) …\n'
	@if [ ! -x $(PY) ]; then sh .ci/make-venv "$(PYTHON)"; fi
	@$(PY) -m pip --version > /dev/null 2>&1 || $(PY) -m ensurepip > /dev/null
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Without the tools of the tests, and without removing them where they are.
$(RUN_READY): | .venv/bin/uv
	@printf 'Installing the locked packages (some 70; a minute or more on a slow line) …\n'
	@.venv/bin/uv sync --quiet --frozen --inexact --no-default-groups --group build
	@rm -f .venv/.ready-run-* && touch $@

$(TEST_READY): | .venv/bin/uv
	@printf 'Installing the locked packages and the tools for the tests …\n'
	@.venv/bin/uv sync --quiet --frozen --inexact
	@rm -f .venv/.ready-test-* && touch $@

$(MESSAGES_READY): $(CATALOGUES) | $(RUN_READY)
	@$(PY) -m lms.catalogues --compile
	@touch $@

# --- Running ------------------------------------------------------------------

.PHONY: run
run: $(RUN_READY) $(MESSAGES_READY)
	@$(PY) manage.py run_suite --host "$(HOST)" --port "$(PORT)"

# --- Checking: the quick ones beside each other, then the tests ---

.PHONY: test all-steps fuzz checks sqlite-database postgres-database collected format lint imports dead-code dependencies templates styles types migrations deploy \
	translations tests-embedded tests-postgres tests-sqlite tests-browser coverage verdict
test:
	@rm -f $(TIMES)
	@$(MAKE) --no-print-directory $(TEST_READY) $(MESSAGES_READY)
	@$(SERVICES) --postgres --valkey -- $(MAKE) --no-print-directory all-steps

all-steps:
	@$(MAKE) --no-print-directory -j2 $(TOGETHER) checks
	@$(MAKE) --no-print-directory tests-postgres
	@$(MAKE) --no-print-directory -j2 $(TOGETHER) tests-embedded
	@$(MAKE) --no-print-directory coverage
	@$(MAKE) --no-print-directory verdict

# What each check prints stays together, where this make can do that (macOS brings an older one).
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# In a clean clone each process of pytest would rewrite all files of tests by itself.
COLLECTED := $(if $(wildcard tests/__pycache__/conftest.*pytest*),,collected)

# The longest first. What a clean clone has to compile, two that begin together would compile twice:
# beside the types, which read Django, goes what does not.
checks: types styles dead-code sqlite-database postgres-database $(COLLECTED) translations migrations deploy imports dependencies format lint templates

sqlite-database: $(TEST_READY)
	$(call step,Migrated SQLite to copy,env -u DATABASE_URL $(PY) -m tests.databases)

postgres-database: $(TEST_READY)
	$(call step,Migrated PostgreSQL to copy,$(SERVICES) --postgres -- $(PY) -m tests.databases)

collected: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Files of tests,$(PY) -m pytest --collect-only -q > .venv/.collected || { cat .venv/.collected; false; })

format: $(TEST_READY)
	$(call step,Format,$(PY) -m ruff format --check --quiet .)

lint: $(TEST_READY)
	$(call step,Lint,$(PY) -m ruff check --quiet .)

imports: $(TEST_READY)
	$(call step,Import contracts,.venv/bin/lint-imports)

dead-code: $(TEST_READY)
	$(call step,Dead code,$(PY) -m vulture)

dependencies: $(TEST_READY)
	$(call step,Dependencies,$(PY) -m deptry .)

templates: $(TEST_READY)
	$(call step,Templates,find lms courses attendance certificates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +)

types: $(TEST_READY)
	$(call step,Types,$(PY) -m mypy)

migrations: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Migrations,DJANGO_SETTINGS_MODULE=lms.settings.test $(PY) manage.py makemigrations --check --dry-run)

# Any values will do: the check looks at how the settings are made, not at these.
deploy: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Production settings,env $(DEPLOY_ENVIRONMENT) $(PY) manage.py check --deploy --fail-level WARNING)

DEPLOY_ENVIRONMENT := DJANGO_SETTINGS_MODULE=lms.settings.production \
	SECRET_KEY=0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ \
	ALLOWED_HOSTS=localhost SUITE_BASE_URL=https://localhost DEFAULT_FROM_EMAIL=suite@localhost \
	DATABASE_URL=postgres://localhost/suite CELERY_BROKER_URL=redis://localhost/0 \
	CACHE_URL=rediscache://localhost/1 EMAIL_URL=smtp://localhost:25

# Needs Node; says so where there is none.
styles: $(TEST_READY)
	$(call step,Styles and scripts,sh .ci/check-styles)

translations: $(TEST_READY)
	$(call step,Translations,$(PY) -m lms.catalogues --check)

# The order of what a set holds is the commit's as well.
tests-sqlite tests-postgres tests-browser: export PYTHONHASHSEED := 0

# Everything runs on PostgreSQL, on SQLite what can differ there (tests marked `sqlite`) and what
# is on SQLite whatever the tests run on (real processes on the embedded default). What the tests
# reach is measured on PostgreSQL alone: on SQLite it cost time and added no rule.
# All browser tests look at one running suite; what one person sees is looked at in one process.
tests-postgres: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Tests on PostgreSQL,$(SERVICES) --postgres --valkey -- $(PY) -m tests.measured --out .coverage.json -m $(PYTEST) -m "not browser and (postgres or not process)")

tests-sqlite: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Tests on SQLite,env -u DATABASE_URL $(SERVICES) --valkey -- $(PY) -m $(PYTEST) -m "sqlite or (process and not postgres)" $(call marked,sqlite|process))

# On the embedded default, beside each other: where a browser waits for a page, or a test for a process to end, the
# other one goes on.
tests-embedded: tests-browser tests-sqlite

# A browser and the suite that it looks at keep the cores busy without one more.
tests-browser: TEST_PROCESSES = auto
tests-browser: $(TEST_READY) $(MESSAGES_READY)
	$(call step,Tests in a browser,env -u DATABASE_URL -u CELERY_BROKER_URL sh .ci/browser-tests $(PY) -m tests.running $(PY) -m $(PYTEST) --dist loadscope -m browser $(call marked,browser))

coverage: $(TEST_READY)
	$(call step,Coverage,$(PY) -m tests.coverage .coverage.json)

fuzz: $(TEST_READY) $(MESSAGES_READY)
	@env -u DATABASE_URL $(SERVICES) --valkey -- $(PY) -m tests.fuzz --minutes $(MINUTES)

verdict:
	@printf '\nWhat each step took:\n'; cat $(TIMES)
	@printf '%5d s  in all\n\nEvery check and test has passed.\n' $$(($$(date +%s) - $(BEGUN)))
	@for skipped in .venv/.browser-skipped .venv/.styles-skipped; do [ ! -e $$skipped ] || cat $$skipped; done

# --- Other ----------------------------------------------------------------------

.PHONY: dev shell one fmt bench messages migration rebase-migration clean

dev: $(RUN_READY) $(MESSAGES_READY)
	@exec sh .ci/dev "$(HOST)" "$(PORT)"

shell: $(RUN_READY) $(MESSAGES_READY)
	@$(PY) manage.py shell

# A file or a test on one database, with the servers that it may ask for.
DB ?= sqlite
ON_sqlite := env -u DATABASE_URL $(SERVICES) --valkey --
ON_postgres := $(SERVICES) --postgres --valkey --

one: $(TEST_READY) $(MESSAGES_READY)
	@if [ -z "$(T)" ]; then echo "Which? make one T=tests/courses/domain/test_runs.py"; exit 2; fi
	@if [ -z "$(ON_$(DB))" ]; then echo "DB is sqlite or postgres, not $(DB)."; exit 2; fi
	@$(ON_$(DB)) $(PY) -m pytest $(T)

# djade ends with an error when it has changed a file; the second look tells the two apart.
DJADE := find lms courses attendance certificates -name '*.html' -exec .venv/bin/djade --target-version 5.2

fmt: $(TEST_READY)
	@$(PY) -m ruff check --fix --quiet . || { $(PY) -m ruff format --quiet .; exit 1; }
	@$(PY) -m ruff format --quiet .
	@$(DJADE) {} + || $(DJADE) --check {} +

bench: $(TEST_READY) $(MESSAGES_READY)
	@$(SERVICES) --postgres --durable -- $(PY) -m tests.benchmarks $(ONLY)

# With the settings of the tests, which hold every app of ours to one line of migrations.
migration: $(TEST_READY) $(MESSAGES_READY)
	@if [ -z "$(APP)" ] || [ -z "$(NAME)" ]; then echo "Which? make migration APP=courses NAME=add_room_of_sessions"; exit 2; fi
	@DJANGO_SETTINGS_MODULE=lms.settings.test $(PY) manage.py makemigrations $(APP) --name $(NAME)

rebase-migration: $(TEST_READY) $(MESSAGES_READY)
	@DJANGO_SETTINGS_MODULE=lms.settings.test $(PY) manage.py rebase_migration $(APP)

messages: $(TEST_READY)
	@$(PY) -m lms.catalogues

clean:
	rm -rf .venv .coverage*.json .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis test-results node_modules
	find lms courses attendance certificates fixtures tests -name __pycache__ -prune -exec rm -rf {} +
	find lms courses attendance certificates -name '*.mo' -delete
