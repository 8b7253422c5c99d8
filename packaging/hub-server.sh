#!/usr/bin/env bash
# A hub on a server of its own: made, and brought up to date. See --help, and packaging/HUB.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) me=hub-server.sh
# shellcheck source-path=SCRIPTDIR source=set-up.sh
source "$here/packaging/set-up.sh"

usage() {
    cat <<'HELP'
packaging/hub-server.sh --domain NAME (--certbot EMAIL | --certificate FILE --key FILE) [OPTION...]

Makes this Debian 12 machine the hub's server, as root: Debian packages, the user touchpoint, the program in
/opt/touchpoint, the hub in /var/lib/touchpoint, a systemd service, a daily backup, and nginx in front with TLS.

Run it again, from a newer copy of the program, to bring all of that up to date: a backup is made first, then the
program and its database are changed. Options are remembered, so none is needed then. Upgrade the hub before its kiosks.

  --domain NAME        what phones and kiosks call it, such as goodstuff.example.org
  --certbot EMAIL      have Let's Encrypt certify it, and renew that; the name must lead to this machine already
  --certificate FILE   or use this certificate (PEM, with its chain) ...
  --key FILE           ... and its key
  --workers N          processes that serve (default: one for each processor, at most 4)
  --port N             the hub's own port on 127.0.0.1 (default: 8080)
  --dry-run            change nothing, and say what would be changed
  --root DIR           for images: put all files below DIR, and start nothing; needs --venv
  --venv DIR           use this virtual environment, which has the program, instead of making one
HELP
}

domain="" certbot="" certificate="" key="" workers="" port=""
while (($#)); do
    case "$1" in
        --domain | --certbot | --certificate | --key | --workers | --port | --root | --venv)
            (($# > 1)) || die "$1 needs a value; --help says which"
            printf -v "${1#--}" %s "$2"
            shift 2
            ;;
        --dry-run) dry=1; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "hub-server.sh: what is $1?" >&2; usage >&2; exit 2 ;;
    esac
done

# -- what was asked for, now or the last time

remembered=$root/etc/touchpoint/hub-server.conf
if [[ -z $certbot && -z $certificate ]]; then recall certbot; recall certificate; recall key; fi
for name in domain workers port; do recall "$name"; done
if [[ -z $workers ]]; then workers=$(nproc); ((workers <= 4)) || workers=4; fi
: "${port:=8080}"

[[ -n $domain ]] || { usage >&2; die "which name? Give --domain"; }
[[ $domain =~ ^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$ ]] ||
    die "--domain $domain is no host name; it should look like goodstuff.example.org"
[[ $workers =~ ^([1-9]|[1-5][0-9]|6[0-4])$ ]] || die "--workers $workers must be a number from 1 to 64"
[[ $port =~ ^[1-9][0-9]{3,4}$ ]] || die "--port $port must be a number from 1024 to 65535"
((port >= 1024 && port < 65536)) || die "--port $port must be a number from 1024 to 65535"
[[ -z $certbot || -z $certificate ]] || die "--certbot or --certificate, not both"
if [[ -n $certbot ]]; then
    [[ $certbot =~ ^[^[:space:]@]+@[^[:space:]@]+$ ]] || die "--certbot needs an e-mail address, not $certbot"
    certificate=/etc/letsencrypt/live/$domain/fullchain.pem key=/etc/letsencrypt/live/$domain/privkey.pem
else
    [[ -n $certificate && -n $key ]] || die "give --certbot EMAIL, or --certificate FILE and --key FILE"
    certificate=$(realpath -m "$certificate") key=$(realpath -m "$key")
    for file in "$certificate" "$key"; do
        [[ -r $file ]] || die "$file cannot be read"
        [[ $file != *[[:space:]\;\{\}]* ]] || die "$file: please without spaces, semicolons and braces"
    done
fi
fit_for_it kiosk

filled() { # FILE: with this server's values in their places
    sed -e "s|@DOMAIN@|$domain|g" -e "s|@PORT@|$port|g" -e "s|@DATA@|$data|g" \
        -e "s|@CERTIFICATE@|$certificate|g" -e "s|@KEY@|$key|g" "$here/packaging/hub/$1"
}
hub() { # WORDS...: the hub's command, as its own user with its own settings, once those are in place
    if [[ -n $root ]]; then
        run "$root/opt/touchpoint/venv/bin/touchpoint-hub" "$@" --data "$root$data"
    else
        run /usr/local/bin/touchpoint-hub "$@"
    fi
}
back_up() { # NAME: the same
    if [[ -n $root ]]; then
        run env TOUCHPOINT_HUB="$root/opt/touchpoint/venv/bin/touchpoint-hub" \
            "$root/opt/touchpoint/bin/hub-backup" "$root$data" "$root$backups" "$1"
    else
        run runuser -u touchpoint -- \
            env TOUCHPOINT_HUB=/usr/local/bin/touchpoint-hub /opt/touchpoint/bin/hub-backup "$data" "$backups" "$1"
    fi
}

failed() { # WHY: and the way back, if there is one
    [[ -z $upgrading ]] || echo "The version before is /opt/touchpoint/$before, its backup the newest before-upgrade" \
        "file in $backups; /opt/touchpoint/HUB.md says how to go back." >&2
    die "$*"
}

data=/var/lib/touchpoint backups=/var/backups/touchpoint

say "1/6  Debian packages"
needed=(python3-venv rsync)
command -v nginx >/dev/null || needed+=(nginx-light) # another build of it does as well
[[ -z $certbot ]] || needed+=(certbot)
packages "${needed[@]}"

say "2/6  The user and folders"
own_user "$data"
folder /opt/touchpoint 0755 root root
folder /etc/touchpoint 0750 root touchpoint
folder "$data" 0710 touchpoint www-data # nginx reads the catalogue in it; nobody else comes in
folder "$backups" 0700 touchpoint touchpoint
{
    printf '%s=%s\n' domain "$domain" workers "$workers" port "$port"
    if [[ -n $certbot ]]; then echo "certbot=$certbot"; else printf '%s=%s\n' certificate "$certificate" key "$key"; fi
} | put /etc/touchpoint/hub-server.conf 0640
[[ -e $root/etc/touchpoint/hub.env ]] || put /etc/touchpoint/hub.env 0640 <<'ENV'
# Settings of the hub's service, NAME=VALUE, secrets among them: such as TOUCHPOINT_DATABASE_URL, or AWS_... for S3.
# After a change: systemctl restart touchpoint-hub
ENV
system chgrp touchpoint /etc/touchpoint/hub.env

say "3/6  The program"
install_release hub
put /opt/touchpoint/bin/hub-backup 0755 <"$here/packaging/hub/backup.sh"
put /opt/touchpoint/HUB.md 0644 <"$here/packaging/HUB.md"
put /usr/local/bin/touchpoint-hub 0755 <"$here/packaging/hub/touchpoint-hub.sh"

say "4/6  The hub"
stopped=""
if [[ -n $upgrading && -d $root$data/keys ]]; then
    echo "  a backup before anything is changed"
    back_up before-upgrade
    system systemctl stop touchpoint-hub.service
    stopped=1
fi
if [[ $before != "$release" ]]; then
    use_release "$release"
fi
if [[ ! -d $root$data/keys ]]; then
    hub init --base-url "https://$domain"
    hub publish # so that it is ready, with empty shelves
else # opening it brings its database to this version
    hub settings list >/dev/null || failed "the new version cannot open the hub"
fi

say "5/6  Services"
for unit in touchpoint-hub.service touchpoint-hub-backup.service touchpoint-hub-backup.timer; do
    sed -e "s|TOUCHPOINT_WORKERS=2|TOUCHPOINT_WORKERS=$workers|" -e "s|TOUCHPOINT_PORT=8080|TOUCHPOINT_PORT=$port|" \
        "$here/packaging/hub/$unit" | put "/etc/systemd/system/$unit" 0644
done
if has_changed /etc/systemd/system/; then system systemctl daemon-reload; fi
system systemctl enable -q touchpoint-hub.service touchpoint-hub-backup.timer
system systemctl start touchpoint-hub-backup.timer
if [[ -n $stopped || $before != "$release" ]] || has_changed /etc/systemd/system/touchpoint-hub.service; then
    system systemctl restart touchpoint-hub.service
else
    system systemctl start touchpoint-hub.service
fi
if [[ -z $root && -z $dry ]]; then
    well="" ask="import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=2)"
    for _ in {1..60}; do
        if /opt/touchpoint/venv/bin/python -c "$ask" "http://127.0.0.1:$port/healthz" 2>/dev/null; then
            well=1
            break
        fi
        sleep 0.5
    done
    if [[ -z $well ]]; then
        journalctl -u touchpoint-hub.service -n 20 --no-pager >&2 || true
        failed "the hub does not answer; above is what it said last"
    fi
    echo "  the hub answers"
fi

say "6/6  nginx"
put /etc/nginx/touchpoint/hsts.conf 0644 <"$here/packaging/hub/nginx-hsts.conf"
filled nginx-proxy.conf | put /etc/nginx/touchpoint/proxy.conf 0644
filled nginx-http.conf | put /etc/nginx/sites-available/touchpoint-http 0644
filled nginx.conf | put /etc/nginx/sites-available/touchpoint 0644
folder /etc/nginx/sites-enabled 0755 root root
folder /var/www/touchpoint 0755 root root
enable_site() { run ln -sfn "../sites-available/$1" "$root/etc/nginx/sites-enabled/$1"; }
reload() {
    system nginx -q -t
    system systemctl enable -q nginx.service
    system systemctl reload-or-restart nginx.service
}
if grep -q 'worker_connections 768;' "$root/etc/nginx/nginx.conf" 2>/dev/null; then # Debian's, too few for many kiosks
    sed 's/worker_connections 768;/worker_connections 16384;/' "$root/etc/nginx/nginx.conf" | put /etc/nginx/nginx.conf 0644
fi
put /etc/nginx/modules-enabled/90-touchpoint.conf 0644 <<'LIMIT'
worker_rlimit_nofile 65536;
LIMIT
enable_site touchpoint-http
if [[ -n $certbot && ! -e $certificate ]]; then
    reload
    system certbot certonly --non-interactive --agree-tos --email "$certbot" --domain "$domain" \
        --webroot --webroot-path /var/www/touchpoint --deploy-hook "systemctl reload nginx"
fi
enable_site touchpoint
reload

# -- what is left to do

drop_old_releases
if [[ -n $dry ]]; then
    say "Nothing was changed."
    exit 0
fi
say "Done. The hub is at https://$domain"
if [[ -n $(ls "$root$data/offline" 2>/dev/null) ]]; then
    echo "Now move the root key and its spare from $data/offline to two safe places off this machine."
fi
echo "Fill its shelves:   touchpoint-hub import ITEMS.ndjson && touchpoint-hub publish"
echo "How it is:          systemctl status touchpoint-hub; curl http://127.0.0.1:$port/readyz; .../metrics"
echo "Backups, daily:     $backups (copy them to another machine; they hold keys)"
