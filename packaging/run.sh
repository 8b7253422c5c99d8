#!/usr/bin/env bash
# A hub and a kiosk on this machine, for a look round. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

usage() {
    cat <<'HELP'
packaging/run.sh [--catalogue PATH] [--lan] [--data DIR]

Installs what is missing, makes a hub with the demo catalogue, enrols one kiosk and opens its screen.
Ctrl-C ends everything that this started. What is on the shelves is kept for the next time.

  --catalogue PATH   take this catalogue in instead: an items file (.ndjson), or a folder of
                     Digital Public Goods files
  --lan              serve on this machine's network address, so that a phone can scan the screen
  --data DIR         keep the hub and the kiosk here (default: one folder a catalogue, in .touchpoint)
HELP
}

catalogue="" lan="" data=""
while (($#)); do
    case "$1" in
        --catalogue) catalogue=${2:?--catalogue needs a path}; shift 2 ;;
        --data) data=${2:?--data needs a folder}; shift 2 ;;
        --lan) lan=1; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "run.sh: what is $1?" >&2; usage >&2; exit 2 ;;
    esac
done
[[ -n $data ]] || data=.touchpoint/$(basename "${catalogue:-demo}" | tr -c 'A-Za-z0-9._\n' '-')
[[ -z $catalogue || -e $catalogue ]] || { echo "run.sh: $catalogue is not there" >&2; exit 2; }

say() { printf '\033[1m%s\033[0m\n' "$*"; }

say "1/6  What this needs"
source packaging/needs.sh
need_debian "${DEBIAN_SCREEN[@]}"
[[ -n ${DISPLAY:-} ]] || need_debian "${DEBIAN_VIRTUAL_SCREEN[@]}"
need_python kiosk,hub
PATH="$PWD/.venv/bin:$PATH"

mkdir -p "$data"
data=$(cd "$data" && pwd)
hub="$data/hub" kiosk="$data/kiosk" logs="$data/logs"
mkdir -p "$logs"
if ! (set -o noclobber; echo $$ >"$data/running") 2>/dev/null; then
    if kill -0 "$(cat "$data/running")" 2>/dev/null; then
        echo "run.sh: it is running already (process $(cat "$data/running")); end that one first" >&2
        exit 1
    fi
    echo $$ >"$data/running"
fi

started=()
finish() {
    trap - EXIT INT TERM HUP
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        kill -- "-${started[i]}" 2>/dev/null || continue
        for _ in {1..50}; do kill -0 -- "-${started[i]}" 2>/dev/null || continue 2; sleep 0.1; done
        kill -9 -- "-${started[i]}" 2>/dev/null || true
    done
    rm -f "$data/running"
    echo
    say "Ended. Everything is kept in $data."
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start() { # NAME COMMAND...: run in the background, in a session of its own, with its words in a log
    local name=$1
    shift
    setsid "$@" >>"$logs/$name.log" 2>&1 &
    started+=($!)
}
alive() { kill -0 "$1" 2>/dev/null; }

say "2/6  The hub"
touchpoint-hub init --data "$hub"
touchpoint-hub shop set "Mill Lane" --data "$hub" --address "12 Mill Lane" \
    --hours "Mo-Sa 09:30-17:30; Su 11:00-16:00" --lat 52.6352 --lon -1.1304 >/dev/null

say "3/6  Good stuff"
if [[ -z $catalogue ]]; then
    touchpoint-hub import --renew --data "$hub" assets/demo/items.ndjson
elif [[ -d $catalogue ]] && ! compgen -G "$catalogue/*.ndjson" >/dev/null; then
    touchpoint-hub import --data "$hub" --format dpg "$catalogue"
else
    touchpoint-hub import --data "$hub" "$catalogue"
fi
touchpoint-hub publish --data "$hub"

say "4/6  Serving"
host=127.0.0.1
[[ -z $lan ]] || host=$(python packaging/address.py)
port=0
[[ ! -f $data/port ]] || port=$(<"$data/port")
serve() {
    : >"$logs/hub.log"
    start hub touchpoint-hub serve --data "$hub" --host "$host" --port "$port"
    for _ in {1..150}; do
        url=$(grep -m1 -o '^http://.*' "$logs/hub.log" || true)
        [[ -z $url ]] || return 0
        alive "${started[-1]}" || return 1
        sleep 0.1
    done
    return 1
}
if ! serve; then
    echo "Port $port is taken, another is used; slips from before lead nowhere until it is free again."
    port=0
    serve || { cat "$logs/hub.log" >&2; exit 1; }
fi
echo "${url##*:}" >"$data/port"
echo "Phones find it at $url"
if [[ -z $lan ]] && ! touchpoint-hub accounts list --data "$hub" | grep -q @; then
    touchpoint-hub accounts invite You you@example.org --role administrator --at "$url" --data "$hub"
fi

say "5/6  The kiosk"
if [[ -f $kiosk/identity.json ]]; then
    touchpoint-kiosk moved --data "$kiosk" --hub "$url"
else
    mkdir -p "$kiosk"
    touchpoint-hub provision --data "$hub" --shop "Mill Lane" --out "$data/provision.json"
    touchpoint-kiosk enrol --data "$kiosk" --provision "$data/provision.json" --hub "$url"
    touchpoint-hub staff add "Volunteer" --data "$hub" --shop "Mill Lane"
fi
echo "The small lock in the screen's corner leads to the staff's door. A new PIN for it:"
echo "    $PWD/.venv/bin/touchpoint-hub staff pin Volunteer --data $hub"
touchpoint-kiosk sync --data "$kiosk" --once
TOUCHPOINT_POLL_S=${TOUCHPOINT_POLL_S:-5} start agent touchpoint-kiosk agent --data "$kiosk"

say "6/6  The screen"
if [[ -n ${DISPLAY:-} ]]; then
    echo "Touch it, or use the mouse. Slips are pictures in $kiosk/slips."
    start screen touchpoint-kiosk run --data "$kiosk" --window auto
    screen=${started[-1]}
else
    mkfifo "$data/display.$$"
    start display Xvfb -displayfd 3 -screen 0 1080x1920x24 -nolisten tcp -noreset 3<>"$data/display.$$"
    read -r number <>"$data/display.$$"
    rm -f "$data/display.$$"
    export DISPLAY=":$number"
    echo "There is no display here, so the screen is a picture: $PWD/screen.png, new every 3 seconds."
    echo "To touch it: DISPLAY=$DISPLAY xdotool mousemove 540 1500 click 1"
    start screen touchpoint-kiosk run --data "$kiosk" --window 1080x1920
    screen=${started[-1]}
    start camera packaging/camera.sh "$PWD/screen.png"
fi
echo "Ctrl-C ends it."
while alive "$screen"; do sleep 0.5; done
echo "The screen has ended; its last words:"
tail -n 5 "$logs/screen.log"
exit 1
