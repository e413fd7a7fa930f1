# ./aigc2d logs [NAME] [--follow]: the last lines of one resource, or of everything.
# shellcheck shell=bash

main() {
    local name='' follow=false argument
    for argument in "$@"; do
        case $argument in
        --follow | -f) follow=true ;;
        -*) usage_error "logs does not know $argument" ;;
        *)
            [[ -z $name ]] || usage_error "logs takes one name"
            name=$argument
            ;;
        esac
    done
    if [[ -z $name ]]; then
        [[ -e $apphost_log ]] || fail "there is no log yet; start with ./aigc2d up"
        if [[ $follow == true ]]; then exec tail -n 200 -F "$apphost_log"; fi
        exec tail -n 200 "$apphost_log"
    fi
    [[ $name =~ ^[a-z0-9-]+$ ]] || usage_error "$name is no name of a resource"
    require_running
    # shellcheck disable=SC2064
    trap "rm -f '$run/status.$$'" EXIT
    if [[ $follow == true ]]; then
        control GET "/api/resources/$name/logs?tail=200&follow=true" || true
    else
        control GET "/api/resources/$name/logs?tail=200&follow=false" --max-time 30 || true
    fi
    [[ $(control_status) == 200 ]] || exit 1
}
