#!/usr/bin/env bash
# Everything that must hold before a change is taken: format, lint, types, imports, tests. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
    cat <<'HELP'
packaging/test.sh [--long] [PYTEST-ARGUMENT...]

Installs what is missing, then runs the format check, lint, types, import contracts and every test.
  --long   the long forms of tests as well
HELP
    exit 0
fi

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }

step "What this needs"
source packaging/needs.sh
need_debian "${DEBIAN_SCREEN[@]}" "${DEBIAN_VIRTUAL_SCREEN[@]}" "${DEBIAN_TESTS[@]}"
need_python dev
need_emupos
PATH="$PWD/.venv/bin:$PATH:/usr/sbin:/sbin"

step "Format"
ruff format --check .
step "Lint"
ruff check .
step "Types"
mypy
step "Faults that are known of packages"
packaging/audit.sh
step "Imports"
lint-imports
if (($#)) && [[ $* != --long ]]; then
    step "Tests"
    exec pytest "$@"
fi
at_once=(--numprocesses auto --dist worksteal)
step "Tests, as many at once as there are processors"
pytest "${at_once[@]}" --ignore tests/ui "$@"
step "Tests of the screen"
exec pytest "${at_once[@]}" tests/ui "$@"
