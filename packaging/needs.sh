# What the scripts beside this file need, and how it gets here. Sourced, from the project's root.

DEBIAN_SCREEN=(python3-venv libgl1 libegl1 libmtdev1 libfribidi0 fonts-inter fonts-noto-core fonts-materialdesignicons-webfont espeak-ng)
DEBIAN_KIOSK=(xserver-xorg-core xserver-xorg-input-libinput xinit libgl1-mesa-dri avahi-daemon libnss-mdns)
DEBIAN_VIRTUAL_SCREEN=(xvfb libgl1-mesa-dri imagemagick xdotool)
DEBIAN_TESTS=(chromium e2fsprogs libatomic1 nginx-light strace cups cups-client cups-filters cups-ipp-utils dbus ghostscript
    poppler-utils postgresql printer-driver-cups-pdf rsync shellcheck swift-account swift-container swift-object
    swift-proxy systemd xinit xserver-xorg-core xserver-xorg-video-dummy)

# need_debian PACKAGE...: install those that are missing, when root or sudo is there; else name them and end.
need_debian() {
    local missing=() package
    command -v dpkg-query >/dev/null || { echo "This is not Debian; please see that you have: $*"; return 0; }
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    local sudo=()
    if ((EUID)); then
        if ! sudo -n true 2>/dev/null && ! { [[ -t 1 ]] && command -v sudo >/dev/null; }; then
            echo "Please install these Debian packages, then run this again:" >&2
            echo "    apt-get install ${missing[*]}" >&2
            exit 1
        fi
        sudo=(sudo)
    fi
    echo "Installing ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { "${sudo[@]}" apt-get update -q && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "apt could not install ${missing[*]}; its words are in $log" >&2
        exit 1
    fi
    rm -f "$log"
}

# need_python EXTRAS: the virtual environment .venv with this project and its extras, as the constraints pin them.
need_python() {
    local python stamp extra here=""
    stamp=$(cat pyproject.toml packaging/constraints.txt | sha256sum | cut -d' ' -f1)
    [[ -x .venv/bin/python ]] || { python=$(_python); "$python" -m venv .venv; }
    [[ ! -f .venv/touchpoint ]] || here=$(<.venv/touchpoint)
    for extra in ${1//,/ }; do
        [[ $here == "$stamp "*" $extra "* || $here == "$stamp "*" dev "* ]] && continue
        echo "Installing Python packages (the first time takes a minute or two)"
        .venv/bin/python -m pip install -q --disable-pip-version-check -c packaging/constraints.txt -e ".[$1]"
        echo "$stamp  ${1//,/ } " >.venv/touchpoint
        return
    done
}

# need_emupos: emupos, receipt printers of others' making for our tests, beside our own where there is a Python 3.13.
need_emupos() {
    local python
    python=$(command -v python3.13) && "$python" -c 'import venv, ensurepip' 2>/dev/null || return 0
    [[ ! -x .venv/emupos/bin/emupos ]] || return 0
    "$python" -m venv .venv/emupos
    .venv/emupos/bin/python -m pip install -q --disable-pip-version-check emupos==0.4.0
}

# The first Python that will do.
_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11, 3.12 or 3.13 with venv is needed (Debian 12: apt-get install python3-venv)" >&2
    exit 1
}
