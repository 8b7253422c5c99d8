#!/bin/bash
# hub-backup DATA BACKUPS [NAME]: one backup of the hub in DATA into BACKUPS, and the oldest beyond 14 removed.
# The files that items offer are copied once each, into BACKUPS/blobs: they never change, and stand under their hashes.
set -euo pipefail
shopt -s nullglob

data=$1 backups=$2 name=${3:-hub}
keep=${TOUCHPOINT_BACKUPS:-14}
hub=${TOUCHPOINT_HUB:-/opt/touchpoint/venv/bin/touchpoint-hub}

umask 077
file="$backups/$name-$(date -u +%Y%m%dT%H%M%SZ).tar.zst"
"$hub" backup --data "$data" "$file"
if [[ -d $data/catalogue/blobs ]]; then
    rsync --archive --ignore-existing --exclude '*.part' --exclude '.*' "$data/catalogue/blobs/" "$backups/blobs/"
    echo "Those files are in $backups/blobs, once for all backups."
fi

there=("$backups/$name"-*Z.tar.zst) # by name, which is by age
for ((old = 0; old < ${#there[@]} - keep; old++)); do
    rm -- "${there[old]}"
    echo "Removed ${there[old]##*/}: $keep are kept."
done
