#!/bin/bash
# touchpoint-kiosk on this machine: as the kiosk's own user and for its own folder, whoever of the administrators types.
set -euo pipefail
export TOUCHPOINT_DATA=/var/lib/touchpoint-kiosk
command=(/opt/touchpoint/venv/bin/touchpoint-kiosk "$@")
if [[ $(id -un) == touchpoint ]]; then
    exec "${command[@]}"
elif ((EUID == 0)); then
    exec runuser -u touchpoint -- "${command[@]}"
fi
echo "touchpoint-kiosk: please run this as root or as the user touchpoint (sudo touchpoint-kiosk ...)" >&2
exit 1
