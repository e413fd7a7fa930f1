#!/usr/bin/env bash
# Runs a private PostgreSQL in the foreground, on 127.0.0.1 only; makes its data folder when there is none.
# In: DATA_DIR (absolute), PORT, POSTGRES_USER, POSTGRES_PASSWORD. TERM, INT or HUP stop it; it never outlives this script.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/AppHost/local/checks.sh
source "$here/checks.sh"

: "${DATA_DIR:?}" "${PORT:?}" "${POSTGRES_USER:?}" "${POSTGRES_PASSWORD:?}"
[[ $DATA_DIR == /* ]] || fail "DATA_DIR must be an absolute path: $DATA_DIR"
export LC_ALL=C.UTF-8 TZ=UTC
unset "${!PG@}"

# PostgreSQL refuses to run as root: root hands over to the owner of the data, or to the user postgres for new data.
owner=(env)
become_owner() {
    ((EUID == 0)) || return 0
    local uid gid
    uid=$(id -u postgres 2>/dev/null) || fail "PostgreSQL does not run as root and there is no user postgres; install Debian's postgresql-15 or run as another user"
    gid=$(id -g postgres)
    if [[ -e $DATA_DIR/cluster/PG_VERSION ]]; then
        uid=$(stat -Lc %u "$DATA_DIR/cluster")
        gid=$(stat -Lc %g "$DATA_DIR/cluster")
    fi
    owner=(setpriv --reuid="$uid" --regid="$gid" --clear-groups env "HOME=/" "USER=postgres")
}

# The server that runs on the data in a folder.
server_of() {
    local pid
    pid=$(head -n 1 "$1/cluster/postmaster.pid" 2>/dev/null) || true
    if [[ -n $pid ]] && alive "$pid" && [[ $(readlink "/proc/$pid/exe") == */postgres ]]; then echo "$pid"; fi
}

# Data behind a link that lay in a temporary folder are of no use once that link is gone.
sweep() {
    local away link
    for away in /var/lib/aigc2d/*/; do
        link=$(cat "$away/linked-from" 2>/dev/null) || continue
        if [[ $link == "${TMPDIR:-/tmp}"/* && ! -L $link && -z $(server_of "$away") ]]; then rm -rf "$away"; fi
    done
}

# The link to these data was removed: whoever did that wanted to start afresh, and keys made since then would not fit them.
forget_orphan() {
    local pid
    pid=$(server_of "$1")
    [[ -z $pid ]] || fail "process $pid still runs on the data of a removed folder ($1); stop it first"
    echo "postgres: removing the data of a folder that is gone ($1)"
    rm -rf "$1"
}

# Root's folders are often closed to others, and postgres must get through every parent: then the data live elsewhere, behind a link.
prepare_folder() {
    mkdir -p "$(dirname "$DATA_DIR")"
    if [[ -L $DATA_DIR && ! -e $DATA_DIR ]]; then mkdir -p "$(readlink "$DATA_DIR")"; fi
    [[ -e $DATA_DIR ]] || mkdir "$DATA_DIR"
    become_owner
    if ((EUID == 0)); then
        [[ -e $DATA_DIR/cluster/PG_VERSION ]] || chown -h postgres: "$DATA_DIR/"
        if [[ ! -L $DATA_DIR ]] && ! (cd / && "${owner[@]}" test -w "$DATA_DIR"); then
            local away
            away=/var/lib/aigc2d/$(printf %s "$DATA_DIR" | sha256sum | cut -c1-16)
            [[ -z $(ls -A "$DATA_DIR") ]] || fail "the user postgres cannot reach the data in $DATA_DIR; move them to $away and link there"
            (umask 022 && mkdir -p /var/lib/aigc2d)
            sweep
            if [[ -e $away ]]; then forget_orphan "$away"; fi
            mkdir -p "$away"
            echo "$DATA_DIR" >"$away/linked-from"
            chown -R postgres: "$away"
            rmdir "$DATA_DIR"
            ln -s "$away" "$DATA_DIR"
        fi
    fi
    DATA_DIR=$(readlink -f "$DATA_DIR")
    cd /
    "${owner[@]}" test -w "$DATA_DIR" || fail "$DATA_DIR belongs to $(stat -c %U "$DATA_DIR"): start as that user or remove it"
}

find_binaries() {
    local version=${1:-} found
    found=$(compgen -G "/usr/lib/postgresql/${version:-*}/bin/postgres" | sort -V | tail -n 1) || true
    [[ -n $found ]] || fail "PostgreSQL ${version:-15 or newer} is not installed; run eng/install.sh"
    bin=$(dirname "$found")
}

initialise() {
    local password=$DATA_DIR/password
    require_disk "$DATA_DIR" 200
    echo "postgres: making a data folder"
    rm -rf "$DATA_DIR/new"
    printf '%s\n' "$POSTGRES_PASSWORD" | "${owner[@]}" tee "$password" >/dev/null
    "${owner[@]}" "$bin/initdb" -D "$DATA_DIR/new" -U "$POSTGRES_USER" --pwfile="$password" --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8 \
        --data-checksums >"$DATA_DIR/initdb.log" 2>&1 || {
        rm -f "$password"
        [[ -z $stopping ]] || exit 0
        fail "initdb failed: $(grep -iE 'error|fatal|could not|denied' "$DATA_DIR/initdb.log" | head -n 1)"
    }
    rm -f "$password"
    fingerprint | "${owner[@]}" tee "$DATA_DIR/credentials" >/dev/null
    mv "$DATA_DIR/new" "$DATA_DIR/cluster"
}

fingerprint() { printf '%s\n%s' "$POSTGRES_USER" "$POSTGRES_PASSWORD" | sha256sum | cut -d' ' -f1; }

# Data made with another password would refuse every client: single-user mode needs none and sets the new one.
adopt_credentials() {
    [[ $(cat "$DATA_DIR/credentials" 2>/dev/null) != "$(fingerprint)" ]] || return 0
    echo "postgres: user or password differ from those of the data, setting them"
    local role=${POSTGRES_USER//\"/\"\"} password=${POSTGRES_PASSWORD//\'/\'\'} log
    log=$(printf 'create role "%s"\nalter role "%s" superuser login password '"'%s'"'\n' "$role" "$role" "$password" \
        | "${owner[@]}" "$bin/postgres" --single -D "$DATA_DIR/cluster" -c log_min_error_statement=panic postgres 2>&1) || fail "cannot set the password: ${log##*$'\n'}"
    if grep -E 'ERROR' <<<"$log" | grep -qv 'already exists'; then fail "cannot set the password: $(grep ERROR <<<"$log" | tail -n 1)"; fi
    fingerprint | "${owner[@]}" tee "$DATA_DIR/credentials" >/dev/null
}

in_use() {
    local pid
    pid=$(head -n 1 "$DATA_DIR/cluster/postmaster.pid" 2>/dev/null) || true
    fail "$DATA_DIR is in use by process ${pid:-?} ($(tr '\0' ' ' <"/proc/${pid:-none}/cmdline" 2>/dev/null | cut -c1-60));" \
        "stop it, or if that is no PostgreSQL remove $DATA_DIR/cluster/postmaster.pid"
}

# Right after a kill -9 the old server's last processes may still hold the data: wait for them. Lock files are never removed here.
wait_for_predecessor() {
    local deadline=$((SECONDS + 15))
    while [[ -n $(server_of "$DATA_DIR") ]]; do
        ((SECONDS < deadline)) || in_use
        sleep 0.2
    done
}

# The server's log goes on to ours; what names the cause of a failed start is kept.
relay() {
    trap '' TERM INT HUP
    local line
    while IFS= read -r line; do
        printf '%s\n' "$line" >&2
        case $line in
        *'No space left on device'*) echo full >"$DATA_DIR/cause" ;;
        *'lock file'* | *'shared memory block'*) echo locked >"$DATA_DIR/cause" ;;
        esac
    done
}

start() {
    "${owner[@]}" setpriv --pdeathsig INT -- "$bin/postgres" -D "$DATA_DIR/cluster" -c listen_addresses=127.0.0.1 -c "port=$PORT" -c unix_socket_directories= \
        -c max_connections=300 -c recovery_init_sync_method=syncfs -c shared_buffers=256MB -c wal_compression=on -c timezone=UTC -c log_timezone=UTC \
        -c log_min_messages=warning -c log_checkpoints=off -c log_min_error_statement=panic -c log_error_verbosity=terse \
        </dev/null 2>&"$log" {log}>&- &
    server=$!
}

stop() {
    stopping=yes
    [[ -z $server ]] || kill -INT "$server" 2>/dev/null || true
}

server='' stopping='' code=0
prepare_folder
find_binaries "$(cat "$DATA_DIR/cluster/PG_VERSION" 2>/dev/null || true)"
trap stop TERM INT HUP
wait_for_predecessor
require_port "$PORT" PostgreSQL
require_disk "$DATA_DIR" 100
[[ -e $DATA_DIR/cluster/PG_VERSION ]] || initialise
adopt_credentials
[[ -z $stopping ]] || exit 0

exec {log}> >(relay)
give_up=$((SECONDS + 15))
while :; do
    rm -f "$DATA_DIR/cause"
    start
    while :; do
        { wait "$server" && code=0 || code=$?; } 2>/dev/null # without bash's own words on a killed child
        alive "$server" || break
    done
    [[ -z $stopping ]] || exit 0
    case $(cat "$DATA_DIR/cause" 2>/dev/null) in
    full)
        require_disk "$DATA_DIR" 100
        fail "PostgreSQL ended by itself with code $code"
        ;;
    locked) ((SECONDS < give_up)) || in_use ;;
    *) fail "PostgreSQL ended by itself with code $code" ;;
    esac
    sleep 0.5
done
