#!/usr/bin/env bash
# A kiosk on a machine of its own: made, and brought up to date. See --help, and packaging/KIOSK.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) me=kiosk.sh
# shellcheck source-path=SCRIPTDIR source=set-up.sh
source "$here/packaging/set-up.sh"
# shellcheck source-path=SCRIPTDIR source=needs.sh
source "$here/packaging/needs.sh"

usage() {
    cat <<'HELP'
packaging/kiosk.sh --hub URL [OPTION...]

Makes this Debian 12 machine a kiosk, as root: Debian packages, the user touchpoint, the program in /opt/touchpoint, what
the kiosk keeps in /var/lib/touchpoint-kiosk, and two services: the agent in the background, and the screen, which is all
that the display shows from the moment the machine is switched on.

Run it again, from a newer copy of the program, to bring all of that up to date. Options are remembered, so none is needed
then. Upgrade the hub before its kiosks.

  --hub URL            the hub's address, such as https://goodstuff.example.org
  --panel-mm N         the shorter side of the panel's picture in millimetres (default: 268, a 21.5 inch panel)
  --printer ADDRESS    such as usb:///dev/usb/lp0 or tcp://192.168.1.50; staff can choose one on the screen too
  --dry-run            change nothing, and say what would be changed
  --root DIR           for images: put all files below DIR, and start nothing; needs --venv
  --venv DIR           use this virtual environment, which has the program, instead of making one
HELP
}

hub="" panel_mm="" printer="" given=""
while (($#)); do
    case "$1" in
        --hub | --panel-mm | --printer | --root | --venv)
            (($# > 1)) || die "$1 needs a value; --help says which"
            name=${1#--}
            printf -v "${name//-/_}" %s "$2"
            [[ $1 == --root || $1 == --venv ]] || given=1
            shift 2
            ;;
        --dry-run) dry=1; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$me: what is $1?" >&2; usage >&2; exit 2 ;;
    esac
done

# -- what was asked for, now or the last time

remembered=$root/etc/touchpoint/kiosk.conf
for name in hub panel_mm printer; do recall "$name"; done

[[ -n $hub ]] || { usage >&2; die "which hub? Give --hub"; }
[[ $hub =~ ^https?://[A-Za-z0-9._:/~-]+$ ]] || die "--hub $hub is no address; it should look like https://goodstuff.example.org"
[[ -z $panel_mm || $panel_mm =~ ^[1-9][0-9]{1,3}(\.[0-9]+)?$ ]] ||
    die "--panel-mm $panel_mm must be a number of millimetres from 10, such as 268"
address='^(png|(tcp|usb|serial|ipps?|label)://[][A-Za-z0-9._:/?&=%~@-]+)$'
read -ra addresses <<<"$printer"
for one in "${addresses[@]}"; do
    [[ $one =~ $address ]] ||
        die "--printer $one is no printer's address; it should look like usb:///dev/usb/lp0 or tcp://192.168.1.50"
done
fit_for_it hub-server
[[ -n $root || ! -e /etc/systemd/system/display-manager.service ]] ||
    die "a desktop is on this machine, and a kiosk has the display for itself; remove it: apt-get purge lightdm gdm3 sddm"

kiosk() { # WORDS...: the kiosk's command, as its own user in its own folder, once those are in place
    if [[ -n $root ]]; then
        run "$root/opt/touchpoint/venv/bin/touchpoint-kiosk" "$@" --data "$root$data"
    else
        run /usr/local/bin/touchpoint-kiosk "$@"
    fi
}
settings() { # as they were asked for
    echo "# Settings of this kiosk; those of the program's kiosk/settings.py, NAME = VALUE. They are read at the start:"
    echo "#     systemctl restart touchpoint-agent touchpoint-screen"
    printf 'hub_url = "%s"\n' "$hub"
    if [[ -n $panel_mm ]]; then echo "panel_mm = $panel_mm"; else echo "# panel_mm = 268"; fi
    if [[ -n $printer ]]; then printf 'printer = "%s"\n' "$printer"; else echo '# printer = "usb:///dev/usb/lp0"'; fi
}
services=(touchpoint-agent.service touchpoint-screen.service)
data=/var/lib/touchpoint-kiosk

say "1/5  Debian packages"
packages "${DEBIAN_SCREEN[@]}" "${DEBIAN_KIOSK[@]}"

say "2/5  The user and folders"
own_user "$data"
system usermod --append --groups video,render,input,audio,lp,dialout touchpoint # touch, sound and printers
folder /opt/touchpoint 0755 root root
folder /etc/touchpoint 0750 root touchpoint
folder "$data" 0700 touchpoint touchpoint
printf '%s=%s\n' hub "$hub" panel_mm "$panel_mm" printer "$printer" | put /etc/touchpoint/kiosk.conf 0640
if [[ ! -e $root$data/settings.toml ]]; then
    settings | put "$data/settings.toml" 0640
elif [[ -n $given ]] && ! settings | cmp -s - "$root$data/settings.toml"; then
    echo "  $data/settings.toml is there and stays as it is; please change it there"
fi
system chgrp touchpoint "$data/settings.toml"

say "3/5  The program"
install_release kiosk
put /opt/touchpoint/KIOSK.md 0644 <"$here/packaging/KIOSK.md"
put /usr/local/bin/touchpoint-kiosk 0755 <"$here/packaging/kiosk/touchpoint-kiosk.sh"

say "4/5  The kiosk"
[[ -z $upgrading ]] || system systemctl stop "${services[@]}"
[[ $before == "$release" ]] || use_release "$release"
if ! kiosk printers >/dev/null; then # opening what it keeps brings that to this version
    [[ -z $upgrading ]] || { use_release "$before"; system systemctl start "${services[@]}"; }
    die "this version cannot open what the kiosk keeps; above is why${upgrading:+. The one before it goes on}"
fi

say "5/5  Services"
for file in xorg.conf=/etc/X11/xorg.conf.d/90-touchpoint.conf modules.conf=/etc/modules-load.d/touchpoint.conf \
    tmpfiles.conf=/etc/tmpfiles.d/touchpoint.conf; do
    put "${file#*=}" 0644 <"$here/packaging/kiosk/${file%%=*}"
done
for unit in "${services[@]}"; do
    put "/etc/systemd/system/$unit" 0644 <"$here/packaging/kiosk/$unit"
done
if has_changed /etc/modules-load.d/; then system systemctl restart systemd-modules-load.service; fi
if has_changed /etc/tmpfiles.d/; then system systemd-tmpfiles --create touchpoint.conf; fi
if has_changed /etc/systemd/system/; then system systemctl daemon-reload; fi
system systemctl enable -q "${services[@]}"
if [[ $before != "$release" ]] || has_changed /etc/systemd/system/ || has_changed /etc/X11/; then
    system systemctl restart "${services[@]}"
else
    system systemctl start "${services[@]}"
fi
system sync
if [[ -z $root && -z $dry ]]; then
    echo "  are both up, and do they stay so?"
    sleep 25 # xinit takes 15 to say that X does not start; what failed has been begun anew by now
    for unit in "${services[@]}"; do
        if ! systemctl is-active -q "$unit" || (($(systemctl show -p NRestarts --value "$unit"))); then
            journalctl -u "$unit" -n 20 --no-pager >&2 || true
            die "$unit does not stay up; above is what it said last${upgrading:+. To go back to $before see /opt/touchpoint/KIOSK.md}"
        fi
    done
    echo "  yes"
fi

# -- what is left to do

drop_old_releases
if [[ -n $dry ]]; then
    say "Nothing was changed."
    exit 0
fi
say "Done. The screen shows a code, until the kiosk belongs to a shop."
echo "At the hub:         touchpoint-hub approve CODE --shop NAME"
echo "How it is:          touchpoint-kiosk doctor"
echo "Settings:           $data/settings.toml"
