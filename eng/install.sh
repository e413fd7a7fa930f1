#!/usr/bin/env bash
# Installs what a local run needs and the machine lacks, from Debian's own packages: PostgreSQL, RabbitMQ, curl; with `test` also Node.js and npm.
# Starts no service, makes no database cluster, touches nothing that is there already. Instant when nothing is missing.
# Usage: eng/install.sh [servers] [test] [curl]      (nothing = servers; curl comes with each)
set -euo pipefail
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")

missing_packages() {
    local what
    command -v curl >/dev/null || echo curl
    for what in "$@"; do
        case $what in
        servers)
            compgen -G '/usr/lib/postgresql/*/bin/postgres' | grep -qE '/(1[5-9]|[2-9][0-9])/bin' || echo postgresql
            [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || echo rabbitmq-server
            ;;
        test)
            command -v node >/dev/null || echo nodejs
            command -v npm >/dev/null || echo npm
            ;;
        esac
    done
}

# Packages of network services start them on installation unless this file says no.
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.conf
mark='# only while AIGC2D installs packages'

forbid_starts() {
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
        chmod 755 "$policy"
    fi
    if ! grep -qsE '^[[:space:]]*create_main_cluster' "$cluster"; then
        mkdir -p "${cluster%/*}"
        echo "create_main_cluster = false $mark" >>"$cluster"
    fi
}

allow_starts() {
    if grep -qs "^$mark" "$policy"; then rm -f "$policy"; fi
    if grep -qs "$mark\$" "$cluster"; then
        if [[ -e $cluster.ucf-dist ]]; then
            mv "$cluster.ucf-dist" "$cluster" # the package's own version, which ours kept out
        else
            sed -i "/$mark\$/d" "$cluster"
        fi
    fi
}

apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" </dev/null; }

# The oldest PostgreSQL from 15 on that this distribution carries.
postgresql_package() {
    local version
    for version in 15 16 17 18; do
        if [[ -n $(apt-cache show "postgresql-$version" 2>/dev/null) ]]; then
            echo "postgresql-$version"
            return
        fi
    done
    echo postgresql
}

install() {
    local log packages=() package
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
    echo "install: reading the package lists"
    apt update >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        echo "error: apt-get update failed; check the network and the package sources" >&2
        return 1
    }
    for package in "$@"; do
        [[ $package != postgresql ]] || package=$(postgresql_package)
        packages+=("$package")
    done
    trap allow_starts EXIT
    forbid_starts
    echo "install: installing ${packages[*]}"
    if ! apt install --no-install-recommends "${packages[@]}" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        echo "error: apt-get could not install ${packages[*]}" >&2
        return 1
    fi
    allow_starts
    rm -f "$log"
    echo "install: done in $SECONDS s"
}

if [[ ${1:-} == --packages ]]; then
    shift
    install "$@"
    exit
fi

[[ $# -gt 0 ]] || set -- servers
for what in "$@"; do
    if [[ $what != servers && $what != test && $what != curl ]]; then
        echo "usage: eng/install.sh [servers] [test] [curl]" >&2
        exit 2
    fi
done
mapfile -t missing < <(missing_packages "$@")
[[ ${#missing[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "error: missing: ${missing[*]}, and this is no Debian or Ubuntu: install PostgreSQL 15 or newer under /usr/lib/postgresql and RabbitMQ 3.10 or newer" \
        "under /usr/lib/rabbitmq, or start a container engine" >&2
    exit 1
fi
if [[ $EUID -eq 0 ]]; then
    install "${missing[@]}"
elif sudo -n true 2>/dev/null; then
    sudo -n "$self" --packages "${missing[@]}"
else
    echo "error: missing: ${missing[*]}; installing needs root, run: sudo $self $*" >&2
    exit 1
fi
