# What the commands share: where things are, and how to talk to the AppHost of this checkout.
# shellcheck shell=bash
# shellcheck source=src/AppHost/local/checks.sh
source "$root/src/AppHost/local/checks.sh"

artifacts=${AIGC2D_ARTIFACTS_DIR:-$root/artifacts}
[[ $artifacts == /* ]] || artifacts=$PWD/$artifacts
run=$artifacts/run
configuration=Release
apphost_dll=$root/src/AppHost/bin/$configuration/net10.0/Aigc2d.AppHost.dll
apphost_log=$run/apphost.log

# Nothing that a command starts stays behind: no build nodes, no compiler server beyond the command, no telemetry.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

usage_error() {
    echo "error: $*; see ./aigc2d help" >&2
    exit 2
}

# The AppHost that `up` started last: pid and start time, so that a recycled pid is never taken for it.
apphost_record() { read -r apphost_pid apphost_started 2>/dev/null <"$run/apphost.pid" || apphost_pid='' apphost_started=''; }

apphost_runs() {
    apphost_record
    [[ -n $apphost_pid ]] && alive "$apphost_pid" "$apphost_started"
}

control_value() { sed -nE "s/.*\"$1\":\"?([^\",}]*)\"?[,}].*/\1/p" "$run/control.json" 2>/dev/null; }

# control METHOD PATH [curl options]: asks the AppHost; the answer goes to standard output, the HTTP status to $run/status.$$. Fails when nobody answers.
control() {
    local method=$1 path=$2 url token
    shift 2
    url=$(control_value url)
    token=$(control_value token)
    [[ -n $url ]] || return 1
    # The token goes through standard input, so that no process list shows it.
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl -sS -N --noproxy '*' -K - -X "$method" -o - -w '%{stderr}%{http_code}' "$@" "$url$path" 2>"$run/status.$$"
}

control_status() {
    local status
    status=$(cat "$run/status.$$" 2>/dev/null) || true
    rm -f "$run/status.$$"
    echo "${status: -3}"
}

require_running() {
    if ! apphost_runs || [[ ! -e $run/control.json ]]; then
        echo "AIGC2D is not running; start it with ./aigc2d up" >&2
        exit "${1:-1}"
    fi
}

# Processes of this checkout's run: all inherit the mark from the AppHost, whatever became of their parents.
marked_processes() {
    local mark=$1 file pid
    grep -lsz -x -F -e "$mark" /proc/[0-9]*/environ 2>/dev/null | while IFS= read -r file; do
        pid=${file#/proc/}
        pid=${pid%/environ}
        [[ $pid != "$$" && $pid != "$BASHPID" && $pid != "$PPID" ]] && alive "$pid" && echo "$pid"
    done || true
}

# Ends marked processes, politely first.
end_marked() {
    local mark=$1 pids deadline=$((SECONDS + 15))
    pids=$(marked_processes "$mark")
    [[ -n $pids ]] || return 0
    # shellcheck disable=SC2086
    kill -TERM $pids 2>/dev/null || true
    while pids=$(marked_processes "$mark") && [[ -n $pids ]] && ((SECONDS < deadline)); do sleep 0.3; done
    # shellcheck disable=SC2086
    [[ -z $pids ]] || kill -KILL $pids 2>/dev/null || true
}

# Stops the AppHost and all it started: asked first, then told, then killed.
stop_apphost() {
    local deadline
    if apphost_runs; then
        control POST /api/shutdown --max-time 5 >/dev/null 2>&1 || kill -TERM "$apphost_pid" 2>/dev/null || true
        rm -f "$run/status.$$"
        deadline=$((SECONDS + 45))
        while alive "$apphost_pid" "$apphost_started"; do
            if ((SECONDS >= deadline)); then
                kill -KILL "$apphost_pid" 2>/dev/null || true
                break
            fi
            sleep 0.2
        done
    fi
    end_marked "AIGC2D_RUN=$artifacts"
    rm -f "$run/control.json" "$run/apphost.pid"
}

require_sdk() {
    local found
    found=$(cd "$root" && dotnet --version 2>/dev/null) || true
    [[ ${found%%.*} =~ ^[0-9]+$ && ${found%%.*} -ge 10 ]] && return 0
    if command -v dotnet >/dev/null; then
        found=$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ')
        found="found ${found:-a runtime without any SDK}"
    else
        found='found none'
    fi
    fail "the .NET SDK 10 is needed, $found; get it from https://dot.net/download or your package manager (dotnet-sdk-10.0)"
}

# Runs a long step so that a signal ends it at once instead of when it is done.
step() {
    "$@" &
    step_pid=$!
    local code=0
    wait "$step_pid" || code=$?
    step_pid=''
    return "$code"
}

# Ends a process and all that it has started.
end_tree() {
    local child
    for child in $(awk -v parent="$1" '{ pid = $1; sub(/.*\) /, ""); if ($2 == parent) print pid }' /proc/[0-9]*/stat 2>/dev/null || true); do end_tree "$child"; done
    kill -TERM "$1" 2>/dev/null || true
}

# dotnet build with a compiler server of its own, which ends with it.
build() {
    local id="aigc2d-$$" code=0 pid
    dotnet build "$@" -c "$configuration" --nologo -v minimal -nodeReuse:false "-p:SharedCompilationId=$id" </dev/null || code=$?
    for pid in $(grep -lsF -e "-pipename:$id" /proc/[0-9]*/cmdline || true); do kill "$(cut -d/ -f3 <<<"$pid")" 2>/dev/null || true; done
    return "$code"
}

# Fingerprint of everything that a build reads.
sources_fingerprint() {
    (cd "$root" && { find src eng/compat eng/registry.props eng/BannedSymbols.txt .editorconfig Directory.* global.json \
        \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f ! -name '*.sh' -printf '%p %s %T@\n' 2>/dev/null || true; } | sort | sha256sum | cut -d' ' -f1)
}
