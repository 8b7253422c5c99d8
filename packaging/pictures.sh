#!/usr/bin/env bash
# Makes the pictures of the screen in assets/pictures from the demo catalogue, on a virtual display.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/needs.sh
need_debian "${DEBIAN_SCREEN[@]}" "${DEBIAN_VIRTUAL_SCREEN[@]}"
need_python dev
PATH="$PWD/.venv/bin:$PATH"

work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

touchpoint-hub init --data "$work/hub" --base-url https://goodstuff.example.org
touchpoint-hub shop set "Mill Lane" --data "$work/hub" --hours "Mo-Su 09:30-20:30" --lat 52.6352 --lon -1.1304 >/dev/null
touchpoint-hub import --data "$work/hub" assets/demo/items.ndjson
touchpoint-hub publish --data "$work/hub"
touchpoint-hub provision --data "$work/hub" --shop "Mill Lane" --out "$work/provision.json"
mkfifo "$work/address"
touchpoint-hub serve --data "$work/hub" --port 0 >"$work/address" &
started+=($!)
read -r url <"$work/address"
touchpoint-kiosk enrol --data "$work/kiosk" --provision "$work/provision.json" --hub "$url"
touchpoint-kiosk sync --data "$work/kiosk" --once
touchpoint-kiosk agent --data "$work/kiosk" &
started+=($!)

mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1080x1920x24 -nolisten tcp -noreset 3<>"$work/display" &
started+=($!)
read -r number <>"$work/display"
mkdir "$work/out"
DISPLAY=":$number" python -m tests.ui.walker "$work/kiosk" 1080x1920 268 tour "$work/out" at=2026-11-23T10:32:00+00:00
grep -q '"problem": ""' "$work/out/found.json" || { cat "$work/out/found.json"; exit 1; }
DISPLAY=":$number" python -m tests.ui.walker "$work/kiosk" 1080x1920 268 tour_staff "$work/out" at=2026-11-23T11:42:00+00:00
grep -q '"problem": ""' "$work/out/found.json" || { cat "$work/out/found.json"; exit 1; }
mkdir -p assets/pictures
for picture in "$work"/out/*.png; do
    convert "$picture" -resize 540x -colors 200 -strip "assets/pictures/$(basename "$picture" 0001.png).png"
done
ls -l assets/pictures
