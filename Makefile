# The commands of this project; `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help run dev demo manage test test-slow bench lint lock messages manual-images clean

# The first Python of 3.11 or later that can make a virtual environment. A name may exist and
# still not start (a version manager's shim), so each is tried; PYTHON=… goes before all.
PYTHON_NAMES := $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python
find_python = for python in $(PYTHON_NAMES); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	found="$$python"; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null && break; found="$$python without venv"; \
done; \
case "$$found" in \
'') echo 'No Python 3.11 or later found: install one, or name it with PYTHON=/its/path.' >&2; exit 1 ;; \
*' without venv') echo "$$found: install its venv module (on Debian and Ubuntu: python3-venv)." >&2; exit 1 ;; \
esac
local = @$(find_python); exec "$$python" deploy/local.py

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: ## serve the site on http://127.0.0.1:8000 (PORT=… for another port)
	$(local) manage serve

dev: export DEBUG = 1
dev: ## the same for developers: DEBUG on, reloads when a file changes
	$(local) manage serve

demo: export DEMO = 1
demo: export DATABASE_URL =
demo: ## the site with a made-up year of progress, in a database of its own, marked "Voorbeeld"
	$(local) manage serve

manage: ## any management command, as in: make manage ARGS="changepassword beheer"
	$(local) manage $(ARGS)

test: ## lint, then all but the slow tests, on SQLite and on PostgreSQL (ARGS="-k words" for a part)
	$(local) test $(ARGS)

test-slow: ## the tests that are marked slow
	$(local) test --slow $(ARGS)

bench: ## measure speed and memory against nginx, gunicorn and Wagtail (needs nginx and wrk)
	$(local) bench $(ARGS)

lint: ## only the linters
	$(local) test --lint

lock: ## write requirements/*.txt anew from requirements/*.in (needs uv)
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	@for name in base sentry test bench; do \
		uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
			$(ARGS) --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

messages: ## compile the Dutch of what Django left in English (needs gettext)
	@for name in django djangojs; do \
		folder=veiligalmere/editorial/locale/nl/LC_MESSAGES; \
		msgfmt --check-format --output-file=$$folder/$$name.mo $$folder/$$name.po || exit 1; \
	done

manual-images: ## draw the pictures of the editors' manual anew (needs Chromium)
	$(local) manual-images

clean: ## remove the virtual environment and the tools' caches; never var/, which holds the data
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
