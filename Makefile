# Two commands matter: `make lab` (work) and `make test` (check). The others are listed by `make help`.
# Nothing here is more than a wrapper: README.md gives the same commands for Windows, where there is no make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help env lab test soak demo release datasets site formgrader bench lock lint kit clean

help:  ## liste les commandes
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

env:  ## crée ou met à jour l'environnement .venv, seulement si ses versions ont changé
	@cmp -s requirements.lock $(VENV)/requirements.installed && cmp -s pyproject.toml $(VENV)/pyproject.installed || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 ou plus récent est nécessaire : installez-le, puis relancez avec « make PYTHON=python3.11 … »."; exit 1; }; \
	  echo "Préparation de l'environnement (quelques minutes la première fois)…" && \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && \
	  cp pyproject.toml $(VENV)/pyproject.installed && cp requirements.lock $(VENV)/requirements.installed; }

lab: env  ## ouvre JupyterLab en français sur l'accueil des TP
	@$(BIN)/cmlib lab

test: env lint  ## vérifie le code, puis passe tous les tests
	@$(BIN)/python -m pytest -n auto --dist loadscope

soak: env  ## les mêmes tests, avec de grands nombres d'essais
	@CMLIB_SOAK=1 $(BIN)/python -m pytest -n auto --dist loadscope

lint: env  ## ruff et mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

demo: env  ## une classe d'exemple, du dépôt à la note, dans build/demo/
	@$(BIN)/cmlib demo

release: env  ## régénère exercises/ à partir de solutions/
	@$(BIN)/cmlib release

datasets: env  ## régénère les tables des marques
	@$(BIN)/cmlib datasets

kit: env  ## prépare dans build/kit/ ce que reçoivent les étudiants
	@$(BIN)/cmlib kit

site: env  ## écrit les chapitres en pages à lire sans rien installer, dans build/site/
	@$(BIN)/cmlib site

formgrader: env  ## ouvre le Lab du formateur : relire, noter à la main
	@$(BIN)/cmlib formgrader

bench: env  ## mesure les promesses de vitesse
	@for script in benchmarks/*.py; do PYTHONPATH=. $(BIN)/python $$script || exit 1; done

lock: env  ## recalcule requirements.lock et environment.yml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url \
	  --extra trainer --extra batch --extra cluster --extra dev --upgrade pyproject.toml -o requirements.lock
	@$(BIN)/cmlib environment

clean:  ## efface ce qui est généré et ignoré par git, sauf travail/
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
