# ./aigc2d up: checks the machine, installs and builds what is missing, starts the AppHost and waits until the suite is ready.
# shellcheck shell=bash

main() {
    detach=no port=${AIGC2D_PORT:-8080}
    while [[ $# -gt 0 ]]; do
        case $1 in
        --detach | -d) detach=yes ;;
        --port)
            [[ $# -gt 1 ]] || usage_error "--port needs a number"
            port=$2
            shift
            ;;
        --port=*) port=${1#*=} ;;
        *) usage_error "up does not know $1" ;;
        esac
        shift
    done
    if [[ ! $port =~ ^[0-9]{4,5}$ ]] || ((port < 1024 || port > 65515)); then usage_error "the port must be a number from 1024 to 65515, not $port"; fi
    mkdir -p "$run" 2>/dev/null || fail "cannot write to $artifacts"
    chmod 700 "$run" # the summary in it holds a key

    # Two `up`s in one checkout take turns: the second finds the suite running.
    exec {lock}>"$run/up.lock"
    if ! flock -n "$lock"; then
        echo "another ./aigc2d up is under way here, waiting for it"
        flock "$lock"
    fi
    if is_ready; then
        echo "AIGC2D is running already, on port $(control_value port)"
        cat "$run/summary"
        exit 0
    fi

    finished=no step_pid='' launched=no
    trap '' PIPE
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
    trap 'cleanup' EXIT
    prepare
    launch
    await_ready
    flock -u "$lock"
    if [[ $detach == yes ]]; then
        finished=yes
        exit 0
    fi
    follow
}

is_ready() {
    apphost_runs || return 1
    control GET /api/ready --max-time 10 >"$run/summary" 2>/dev/null || true
    [[ $(control_status) == 200 ]]
}

prepare() {
    require_sdk
    require_disk "$artifacts" 1500
    if apphost_runs || [[ -e $run/apphost.pid || -e $run/control.json ]]; then
        echo "stopping what is left of the previous run"
        stop_apphost
    fi
    step "$root/eng/probe-registry.sh"
    choose_infrastructure
    require_ports
    if [[ $infrastructure == local ]]; then step "$root/eng/install.sh" servers; else step "$root/eng/install.sh" curl; fi
    build_if_changed
}

choose_infrastructure() {
    infrastructure=${Infrastructure__Mode:-}
    if [[ -z $infrastructure ]]; then
        infrastructure=local
        if [[ ! -e $root/eng/registry.props ]] && command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1; then infrastructure=containers; fi
    fi
    case $infrastructure in
    containers) echo "servers: in containers" ;;
    local) echo "servers: PostgreSQL and RabbitMQ of this machine, private instances in $artifacts/data" ;;
    external) echo "servers: external, as configured" ;;
    *) usage_error "Infrastructure__Mode is containers, local or external, not $infrastructure" ;;
    esac
}

require_ports() {
    require_port "$port" 'the public API'
    require_port $((port + 1)) 'the admin API'
    require_port $((port + 2)) 'the Sandbox'
    require_port $((port + 3)) 'the operator page'
    [[ $infrastructure != external ]] || return 0
    require_port $((port + 4)) PostgreSQL
    local offset
    for offset in 10 11 12 13 14; do require_port $((port + offset)) RabbitMQ; done
}

build_if_changed() {
    local fingerprint started=$SECONDS building
    mkdir -p "$root/artifacts"
    exec {building}>"$root/artifacts/build.lock"
    flock "$building"
    fingerprint=$(sources_fingerprint)
    if [[ -e $apphost_dll && $(cat "$root/artifacts/build.stamp" 2>/dev/null) == "$fingerprint" ]]; then
        echo "build: nothing has changed"
        exec {building}>&-
        return
    fi
    echo "build: building the suite"
    step build "$root/src/AppHost/AppHost.csproj" || fail "the build failed, see above"
    sources_fingerprint >"$root/artifacts/build.stamp"
    exec {building}>&-
    echo "build: done in $((SECONDS - started)) s"
}

# The AppHost gets a session of its own and none of the caller's descriptors.
launch() {
    rm -f "$run/control.json"
    if [[ -e $apphost_log ]]; then mv -f "$apphost_log" "$apphost_log.1"; fi
    launched=yes
    (
        exec </dev/null >"$apphost_log" 2>&1
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            if ((fd > 2)); then eval "exec $fd>&-"; fi
        done
        cd "$root/src/AppHost"
        export Aigc2d__Port=$port Aigc2d__ArtifactsDir=$artifacts Infrastructure__Mode=$infrastructure AIGC2D_RUN=$artifacts
        export ASPNETCORE_ENVIRONMENT=Development DOTNET_ENVIRONMENT=Development
        unset ASPNETCORE_URLS
        exec setsid dotnet "$apphost_dll"
    ) &
    apphost_pid=$!
    apphost_started=$(start_time "$apphost_pid") || true
    echo "$apphost_pid $apphost_started" >"$run/apphost.pid"
    echo "starting"
}

await_ready() {
    local shown='' progress status started=$SECONDS
    while :; do
        if [[ -e $run/control.json ]]; then
            control GET /api/ready --max-time 10 >"$run/progress" 2>/dev/null || true
            status=$(control_status)
            progress=$(cat "$run/progress")
            case $status in
            200)
                mv "$run/progress" "$run/summary"
                echo "ready after $((SECONDS - started)) s"
                echo
                cat "$run/summary"
                return
                ;;
            500) start_failed "$progress" ;;
            503)
                if [[ $progress != "$shown" ]]; then
                    echo "  $progress"
                    shown=$progress
                fi
                ;;
            esac
        fi
        alive "$apphost_pid" "$apphost_started" || start_failed "the AppHost ended by itself"
        ((SECONDS - started < 300)) || start_failed "not ready after 300 s; last: ${shown:-no progress}"
        pause 0.4
    done
}

start_failed() {
    {
        echo
        echo "--- the last lines of $apphost_log"
        tail -n 40 "$apphost_log"
        echo "---"
        echo "error: the start failed: $1"
        echo "everything has been stopped; ./aigc2d doctor checks the machine"
    } >&2
    exit 1
}

follow() {
    echo
    echo "Ctrl-C stops everything. Logs:"
    tail -n +1 -F --pid="$apphost_pid" "$apphost_log" 2>/dev/null {lock}>&- &
    step_pid=$!
    local code=0
    { wait "$apphost_pid" || code=$?; } 2>/dev/null # without bash's own words on a killed child
    pause 0.3
    kill "$step_pid" 2>/dev/null || true
    step_pid=''
    ((code == 0)) || fail "the AppHost ended by itself with code $code; its log is $apphost_log"
    echo "stopped"
    exit 0
}

# Sleeps so that a signal is handled at once.
pause() {
    sleep "$1" &
    wait $! || true
}

interrupted() {
    trap '' INT TERM HUP
    if [[ -n $step_pid ]]; then end_tree "$step_pid"; fi
    echo "stopping" 2>/dev/null || true
    exit "$1"
}

cleanup() {
    local code=$?
    trap '' INT TERM HUP
    if [[ $finished == no && $launched == yes ]]; then stop_apphost >/dev/null 2>&1 || true; fi
    rm -f "$run/status.$$" "$run/progress"
    exit "$code"
}
