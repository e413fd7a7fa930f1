# ./aigc2d start|stop|restart NAME: one resource; comes back when it is done, a started one when it is healthy.
# shellcheck shell=bash

main() {
    local action=$1 name=${2:-} answer status
    [[ $# -eq 2 && $name =~ ^[a-z0-9-]+$ ]] || usage_error "$action takes the name of one resource, as in ./aigc2d status"
    require_running
    answer=$(control POST "/api/resources/$name/$action" --max-time 90) || true
    status=$(control_status)
    case $status in
    200) echo "$answer" ;;
    000 | '') fail "the AppHost does not answer; ./aigc2d down stops it" ;;
    *) fail "$answer" ;;
    esac
}
