# ./aigc2d status [--json]: what runs. 0 when everything is healthy, 3 when not.
# shellcheck shell=bash

main() {
    local json=no answer
    case ${1:-} in
    '') ;;
    --json) json=yes ;;
    *) usage_error "status takes --json only" ;;
    esac
    if ! apphost_runs || [[ ! -e $run/control.json ]]; then
        [[ $json == no ]] || echo '[]'
        require_running 3
    fi
    answer=$(control GET /api/resources --max-time 15) || true
    if [[ $(control_status) != 200 ]]; then
        [[ $json == no ]] || echo '[]'
        echo "the AppHost (pid $apphost_pid) does not answer; ./aigc2d down stops it" >&2
        exit 3
    fi
    if [[ $json == yes ]]; then echo "$answer"; else show_table; fi
    all_healthy "$answer" || exit 3
}

show_table() {
    control GET '/api/resources?format=text' --max-time 15
    control_status >/dev/null
}

all_healthy() {
    local resources healthy
    resources=$(grep -oE '"name":' <<<"$1" | wc -l)
    healthy=$(grep -oiE '"health":"healthy"' <<<"$1" | wc -l)
    ((resources > 0 && resources == healthy))
}
