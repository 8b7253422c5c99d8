#!/bin/bash
# touchpoint-hub on this server: as the hub's own user and for the hub's own folder, whoever of the administrators types.
set -euo pipefail
if [[ -r /etc/touchpoint/hub.env ]]; then # as systemd reads it, not as a shell would
    while IFS= read -r line; do
        [[ $line =~ ^([A-Za-z_][A-Za-z0-9_]*)=\"?(.*[^\"])?\"?$ ]] || continue
        export "${BASH_REMATCH[1]}=${BASH_REMATCH[2]}"
    done </etc/touchpoint/hub.env
fi
export TOUCHPOINT_HUB_DATA=/var/lib/touchpoint
command=(/opt/touchpoint/venv/bin/touchpoint-hub "$@")
if [[ $(id -un) == touchpoint ]]; then
    exec "${command[@]}"
elif ((EUID == 0)); then
    exec runuser -u touchpoint -- "${command[@]}"
fi
echo "touchpoint-hub: please run this as root or as the user touchpoint (sudo touchpoint-hub ...)" >&2
exit 1
