# ./aigc2d down: stops everything that this checkout runs.
# shellcheck shell=bash

main() {
    [[ $# -eq 0 ]] || usage_error "down takes no arguments"
    if ! apphost_runs && [[ -z $(marked_processes "AIGC2D_RUN=$artifacts") ]]; then
        rm -f "$run/control.json" "$run/apphost.pid"
        echo "AIGC2D is not running"
        return 0
    fi
    echo "stopping"
    stop_apphost
    echo "stopped"
}
