# What hub-server.sh and kiosk.sh share: they make a Debian machine, or an image of one, and bring it up to date.
# Sourced by them, with `here` (the project's root) and `me` (the script's name) set.
# shellcheck shell=bash

dry="" root="" venv="" remembered="" status=2
die() { echo "$me: $*" >&2; exit "$status"; } # with 2 until the options are understood, then with 1
say() { printf '\033[1m%s\033[0m\n' "$*"; }

# -- what was asked for, now or the last time

recall() { # NAME: its value of the last time, unless another was given now
    local line
    [[ -z ${!1} && -r $remembered ]] || return 0
    while IFS= read -r line; do
        [[ ${line%%=*} != "$1" ]] || printf -v "$1" %s "${line#*=}"
    done <"$remembered"
}
fit_for_it() { # OTHER: may this be done here? A machine is a hub's server or a kiosk
    [[ -z $root || -n $venv ]] || die "--root needs --venv: a virtual environment cannot be moved"
    status=1
    [[ ! -e $root/etc/touchpoint/$1.conf ]] || die "this machine was set up by $1.sh; please take another one"
    [[ -n $dry || -n $root ]] || ((EUID == 0)) || die "this needs root: sudo packaging/$me ..."
    [[ -n $root || -n $dry || -d /run/systemd/system ]] ||
        die "systemd does not run here; --root DIR only puts files in place"
    [[ -z $dry ]] || say "Nothing is changed: this is what would be done."
}

# -- doing, or saying what would be done

run() { # COMMAND...: do it, or say it
    if [[ -n $dry ]]; then printf '  would run: %s\n' "$*"; else "$@"; fi
}
system() { # COMMAND...: the same for what concerns the running machine, which an image is not
    [[ -n $root ]] || run "$@"
}
changed=()
put() { # FILE MODE, content from the standard input: put it there if it is another; a power cut leaves the old or the new
    local file=$root$1 mode=$2 new
    new=$(mktemp)
    cat >"$new"
    if [[ -f $file ]] && cmp -s "$new" "$file"; then
        rm "$new"
        return
    fi
    changed+=("$1")
    if [[ -n $dry ]]; then
        echo "  would write: $1"
        rm "$new"
        return
    fi
    install -D -m "$mode" "$new" "$file.new"
    rm "$new"
    sync "$file.new"
    mv -T "$file.new" "$file"
    echo "  wrote $1"
}
has_changed() { [[ " ${changed[*]-} " == *" $1"* ]]; } # PATH, or how it begins
folder() { # DIR MODE OWNER GROUP
    if [[ -n $dry ]]; then
        [[ -d $root$1 ]] || echo "  would make: $1"
    elif [[ -n $root ]]; then
        install -d -m "$2" "$root$1"
    else
        install -d -m "$2" -o "$3" -g "$4" "$1"
    fi
}
packages() { # NAME...: Debian's
    local missing=() package
    [[ -z $root ]] || return 0
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    if ((${#missing[@]})); then
        run apt-get update -q
        run env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    else
        echo "  all here"
    fi
}
own_user() { # HOME: the user touchpoint, whom nobody signs in as
    if [[ -z $root ]] && ! getent passwd touchpoint >/dev/null; then
        run useradd --system --user-group --home-dir "$1" --no-create-home --shell /usr/sbin/nologin touchpoint
    fi
}

# -- the program: each version is a folder in /opt/touchpoint/releases, and `venv` leads to the one in use

release="" before="" upgrading=""
install_release() { # EXTRA: this version, beside the one in use
    local stamp
    stamp=$(cd "$here" && find kiosk sync assets pyproject.toml packaging/constraints.txt -type f ! -name '*.pyc' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
    release=releases/$stamp
    before=$(readlink "$root/opt/touchpoint/venv" 2>/dev/null || true)
    if [[ -n $venv ]]; then
        release=$(realpath "$venv")
    elif [[ ! -e /opt/touchpoint/$release/complete ]]; then
        run rm -rf "/opt/touchpoint/$release"
        run /usr/bin/python3 -m venv "/opt/touchpoint/$release"
        run "/opt/touchpoint/$release/bin/python" -m pip install -q --disable-pip-version-check \
            -c "$here/packaging/constraints.txt" "${here}[$1]"
        run sync # all of it is on the disk before it counts
        run touch "/opt/touchpoint/$release/complete"
    fi
    if [[ $before == "$release" ]]; then
        echo "  this version is here already"
    elif [[ -n $before ]]; then
        upgrading=1
    fi
}
use_release() { # RELEASE: from now on
    run ln -sfn "$1" "$root/opt/touchpoint/venv.new"
    run mv -T "$root/opt/touchpoint/venv.new" "$root/opt/touchpoint/venv"
}
drop_old_releases() { # this one and the one before are kept
    local old
    [[ -n $upgrading && -z $venv && -z $dry ]] || return 0
    for old in /opt/touchpoint/releases/*; do
        [[ $old == */"$release" || $old == */"$before" ]] || rm -rf "$old"
    done
}
