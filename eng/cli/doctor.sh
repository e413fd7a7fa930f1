# ./aigc2d doctor: looks at this machine and says what to do. 0 when all is well, 1 when something must be done first.
# shellcheck shell=bash

main() {
    [[ $# -eq 0 ]] || usage_error "doctor takes no arguments"
    troubles=0
    check_sdk
    check_packages
    check_servers
    check_disk
    check_node
    check_run
    ((troubles == 0))
}

good() { echo "✓ $*"; }

bad() {
    echo "✗ $*"
    troubles=$((troubles + 1))
}

check_sdk() {
    local said
    if said=$(require_sdk 2>&1); then good ".NET SDK $(cd "$root" && dotnet --version)"; else bad "${said#error: }"; fi
}

check_packages() {
    if [[ -e $root/eng/registry.props ]]; then
        good "packages: compat mode, stand-ins take the place of Aspire, Refit and OpenTelemetry hosting (eng/probe-registry.sh --force asks the registry again)"
    elif [[ -e $root/artifacts/run/registry.stamp ]]; then
        good "packages: genuine"
    else
        good "packages: not asked yet, ./aigc2d up does"
    fi
}

check_servers() {
    local found
    if [[ ! -e $root/eng/registry.props ]] && command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1; then
        good "servers: a container engine answers"
        return
    fi
    found=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1) || true
    if [[ -n $found ]]; then good "PostgreSQL: $("$found" --version | cut -d' ' -f3)"; else bad "PostgreSQL is missing; ./aigc2d up installs it, or run eng/install.sh as root"; fi
    if [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]]; then
        good "RabbitMQ: installed"
    else
        bad "RabbitMQ is missing; ./aigc2d up installs it, or run eng/install.sh as root"
    fi
    if command -v curl >/dev/null; then good "curl"; else bad "curl is missing; ./aigc2d up installs it"; fi
}

check_disk() {
    local free
    free=$(df -Pm "$root" | awk 'NR == 2 { print $4 }')
    if ((free >= 2000)); then good "disk: $((free / 1024)) GB free"; else bad "disk: only $free MB free, up and test need 2000 MB"; fi
}

check_node() {
    local version
    version=$(node --version 2>/dev/null) || true
    if [[ -n $version ]] && command -v npm >/dev/null; then good "Node.js $version (tests only)"; else good "Node.js: not installed; ./aigc2d test installs it"; fi
}

check_run() {
    local port=${AIGC2D_PORT:-8080} offset holder taken=''
    if apphost_runs; then
        if [[ -e $run/control.json ]] && control GET /api/ready --max-time 10 >/dev/null 2>&1 && [[ $(control_status) == 200 ]]; then
            good "running, on port $(control_value port) (AppHost pid $apphost_pid)"
        else
            bad "the AppHost (pid $apphost_pid) runs but is not ready; ./aigc2d logs shows why, ./aigc2d down stops it"
        fi
        return
    fi
    if [[ -n $(marked_processes "AIGC2D_RUN=$artifacts") ]]; then bad "a run ended without its processes; ./aigc2d down ends them"; fi
    for offset in 0 1 2 3 4 10 11 12 13 14; do
        if holder=$(port_holder $((port + offset))); then taken+=" $((port + offset)) ($holder)"; fi
    done
    if [[ -n $taken ]]; then bad "ports taken:$taken; stop them or use ./aigc2d up --port N"; else good "ports $port to $((port + 19)): free; not running, start with ./aigc2d up"; fi
}
