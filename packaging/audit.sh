#!/usr/bin/env bash
# Whether a fault is known of a package that this project is built with. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
    cat <<'HELP'
packaging/audit.sh

Asks PyPI with pip-audit about every package that packaging/constraints.txt pins, and ends with 1 if a fault is known.
Where PyPI does not tell, it says so and ends with 0.
HELP
    exit 0
fi

source packaging/needs.sh
need_python dev
asked=https://pypi.org/pypi/requests/2.31.0/json # has known faults, so an answer without any is none
if ! .venv/bin/python - "$asked" 2>/dev/null <<'PYTHON'; then
import sys, requests
sys.exit(not requests.get(sys.argv[1], timeout=20).json()["vulnerabilities"])
PYTHON
    echo "Skipped: $asked does not tell which faults are known."
    exit 0
fi
[[ -x .venv/audit/bin/pip-audit ]] || .venv/bin/python -m venv .venv/audit
.venv/audit/bin/python -m pip install -q --disable-pip-version-check pip-audit==2.10.1
exec .venv/audit/bin/pip-audit --no-deps --disable-pip --progress-spinner off -r packaging/constraints.txt
