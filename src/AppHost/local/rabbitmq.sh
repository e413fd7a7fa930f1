#!/usr/bin/env bash
# Runs a private RabbitMQ node in the foreground, on 127.0.0.1 only; makes its data folder when there is none.
# In: DATA_DIR (absolute), PORT, RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS, AIGC2D_RABBITMQ_PLUGINS=management|none.
# Ports: PORT AMQP, +1 node distribution, +2 epmd, +3 management, +4 prometheus, +5 to +9 command-line tools.
# TERM, INT or HUP stop the node; neither it nor its epmd outlives this script.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/AppHost/local/checks.sh
source "$here/checks.sh"

: "${DATA_DIR:?}" "${PORT:?}" "${RABBITMQ_DEFAULT_USER:?}" "${RABBITMQ_DEFAULT_PASS:?}"
[[ $DATA_DIR == /* ]] || fail "DATA_DIR must be an absolute path: $DATA_DIR"
user=$RABBITMQ_DEFAULT_USER password=$RABBITMQ_DEFAULT_PASS plugins=${AIGC2D_RABBITMQ_PLUGINS:-management}
[[ $plugins == management || $plugins == none ]] || fail "AIGC2D_RABBITMQ_PLUGINS is management or none, not $plugins"
scripts=/usr/lib/rabbitmq/bin # the wrappers in /usr/sbin insist on the user rabbitmq
[[ -x $scripts/rabbitmq-server ]] || fail "RabbitMQ is not installed; run eng/install.sh"

# The data belong to the node's name, so it has no port in it; the private epmd keeps nodes of several checkouts apart.
describe_node() {
    unset "${!RABBITMQ_@}" "${!ERL_@}" NOTIFY_SOCKET
    export HOME=$DATA_DIR/home LANG=C.UTF-8 LC_ALL=C.UTF-8
    export RABBITMQ_NODENAME=aigc2d@localhost RABBITMQ_CONF_ENV_FILE=$DATA_DIR/env.conf
    export RABBITMQ_CONFIG_FILE=$DATA_DIR/rabbitmq RABBITMQ_ADVANCED_CONFIG_FILE=$DATA_DIR/advanced.config RABBITMQ_ENABLED_PLUGINS_FILE=$DATA_DIR/enabled_plugins
    export RABBITMQ_MNESIA_BASE=$DATA_DIR/mnesia RABBITMQ_LOG_BASE=$DATA_DIR/log RABBITMQ_GENERATED_CONFIG_DIR=$DATA_DIR/generated RABBITMQ_PID_FILE=$DATA_DIR/pid
    export RABBITMQ_DIST_PORT=$((PORT + 1)) ERL_EPMD_PORT=$((PORT + 2)) ERL_EPMD_ADDRESS=127.0.0.1 ERL_CRASH_DUMP=/dev/null
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false'
    export RABBITMQ_CTL_ERL_ARGS=$RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS RABBITMQ_CTL_DIST_PORT_MIN=$((PORT + 5)) RABBITMQ_CTL_DIST_PORT_MAX=$((PORT + 9))
}

# An Erlang string literal of any text.
erlang_text() {
    local text=${1//\\/\\\\}
    printf '<<"%s"/utf8>>' "${text//\"/\\\"}"
}

configure() {
    mkdir -p "$DATA_DIR"/{home,mnesia,log,generated} 2>/dev/null || fail "cannot write to $DATA_DIR as $(id -un)"
    : >"$DATA_DIR/env.conf"
    if [[ $plugins == management ]]; then
        echo '[rabbitmq_management,rabbitmq_prometheus].' >"$DATA_DIR/enabled_plugins"
    else
        echo '[].' >"$DATA_DIR/enabled_plugins" # stops in 1 s instead of 6 s
    fi
    cat >"$DATA_DIR/rabbitmq.conf" <<EOF
listeners.tcp.default = 127.0.0.1:$PORT
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 256MB
raft.wal_max_size_bytes = 64000000
log.console = true
log.console.level = warning
log.console.use_colors = off
log.file = false
EOF
    [[ $plugins != management ]] || cat >>"$DATA_DIR/rabbitmq.conf" <<EOF
management.tcp.ip = 127.0.0.1
management.tcp.port = $((PORT + 3))
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $((PORT + 4))
EOF
    echo "[{rabbit,[{default_user,$(erlang_text "$user")},{default_pass,$(erlang_text "$password")}]}]." >"$DATA_DIR/advanced.config"
}

# A killed start may have left its node stopping, or an epmd that the node brought back by itself.
wait_for_predecessor() {
    local pid started deadline=$((SECONDS + 15))
    read -r pid started 2>/dev/null <"$DATA_DIR/beam" || true
    while [[ -n ${pid:-} ]] && alive "$pid" "$started"; do
        ((SECONDS < deadline)) || fail "$DATA_DIR is in use by the RabbitMQ node with pid $pid; stop it first"
        sleep 0.2
    done
    if [[ $(port_holder "$ERL_EPMD_PORT") == epmd* ]] && ! epmd -names 2>/dev/null | grep -q '^name '; then stop_epmd; fi
}

stop_epmd() { epmd -kill >/dev/null 2>&1 || true; }

require_ports() {
    require_port "$PORT" 'RabbitMQ (AMQP)'
    require_port $((PORT + 1)) 'RabbitMQ (node distribution)'
    require_port $((PORT + 2)) 'RabbitMQ (epmd)'
    [[ $plugins == management ]] || return 0
    require_port $((PORT + 3)) 'RabbitMQ (management)'
    require_port $((PORT + 4)) 'RabbitMQ (prometheus)'
}

# Outlives a killed script just long enough to stop what it started: the pipe it reads ends when the script does.
guard() {
    trap '' TERM INT HUP
    local pid='' started='' deadline
    while read -r pid started; do :; done
    read -r pid started 2>/dev/null <"$DATA_DIR/beam" || return 0
    alive "$pid" "$started" || return 0
    kill -TERM "$pid" 2>/dev/null || true
    deadline=$((SECONDS + 20))
    while alive "$pid" "$started" && ((SECONDS < deadline)); do sleep 0.2; done
    ! alive "$pid" "$started" || kill -KILL "$pid" 2>/dev/null || true
    stop_epmd
}

fingerprint() { printf '%s\n%s' "$user" "$password" | sha256sum | cut -d' ' -f1; }

# Default user and password seed new data only; on data made with others they are set as soon as the node answers.
adopt_credentials() {
    trap - TERM INT HUP
    "$scripts/rabbitmqctl" -q await_startup --timeout 60 >/dev/null 2>&1 || return 0
    if [[ $1 == changed ]]; then
        echo "rabbitmq: user or password differ from those of the data, setting them"
        printf '%s\n' "$password" | "$scripts/rabbitmqctl" -q add_user "$user" >/dev/null 2>&1 || true
        if ! { printf '%s\n' "$password" | "$scripts/rabbitmqctl" -q change_password "$user" &&
            "$scripts/rabbitmqctl" -q set_user_tags "$user" administrator &&
            "$scripts/rabbitmqctl" -q set_permissions "$user" '.*' '.*' '.*'; } >/dev/null; then
            echo "error: RabbitMQ refused the new password" >&2
            kill -TERM "$beam"
            return 0
        fi
    fi
    fingerprint >"$DATA_DIR/credentials"
}

stop() {
    stopping=yes
    [[ -z $beam ]] || kill -TERM "$beam" 2>/dev/null || true
}

beam='' stopping='' code=0
describe_node
trap stop TERM INT HUP
mkdir -p "$DATA_DIR" 2>/dev/null || fail "cannot make $DATA_DIR as $(id -un)"
wait_for_predecessor
require_ports
require_disk "$DATA_DIR" 300
configure
credentials=same
if [[ ! -e $DATA_DIR/mnesia/$RABBITMQ_NODENAME ]]; then
    echo "rabbitmq: making a data folder"
    credentials=new
elif [[ $(cat "$DATA_DIR/credentials" 2>/dev/null) != "$(fingerprint)" ]]; then
    credentials=changed
fi

cd "$DATA_DIR"
exec {lifeline}> >(guard)
epmd {lifeline}>&- </dev/null >/dev/null 2>&1 &
# detached=1 makes the start script become the node, so that its pid is the node's.
detached=1 "$scripts/rabbitmq-server" {lifeline}>&- </dev/null &
beam=$!
echo "$beam $(start_time "$beam")" >"$DATA_DIR/beam"
if [[ $credentials != same ]]; then adopt_credentials "$credentials" {lifeline}>&- & fi

[[ -z $stopping ]] || stop
while :; do
    { wait "$beam" && code=0 || code=$?; } 2>/dev/null # without bash's own words on a killed child
    alive "$beam" || break
done
stop_epmd
rm -f "$DATA_DIR/beam"
[[ -n $stopping ]] || fail "the RabbitMQ node ended by itself with code $code"
