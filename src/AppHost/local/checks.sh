# Sourced by the scripts that start local servers and by ./aigc2d: clear errors before a server gives an unclear one.
# shellcheck shell=bash

fail() {
    echo "error: $*" >&2
    exit 1
}

# Who listens on a TCP port: "nginx (pid 12)"; fails when nobody does.
port_holder() {
    local line
    if command -v ss >/dev/null; then
        line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1)
        [[ -n $line ]] || return 1
        if [[ $line =~ \(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
            echo "${BASH_REMATCH[1]} (pid ${BASH_REMATCH[2]})"
        else
            echo "a process of another user"
        fi
    elif (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        echo "another process"
    else
        return 1
    fi
}

require_port() {
    local port=$1 purpose=$2 holder
    if holder=$(port_holder "$port"); then
        fail "$purpose needs port $port, but $holder holds it; stop it or choose other ports with ./aigc2d up --port N"
    fi
}

# A process counts as alive until it is gone or a zombie that only waits for its parent; with a start time, only the same process counts.
alive() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    [[ ${stat%% *} != [ZX] ]] || return 1
    [[ -z ${2:-} ]] || [[ $(start_time "$1") == "$2" ]]
}

# Ticks since boot at which a process started: with the pid it names the process for good.
start_time() {
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra fields <<<"${stat##*) }"
    echo "${fields[19]}"
}

require_disk() {
    local folder=$1 megabytes=$2 free
    free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
    if ((free < megabytes)); then
        fail "the disk of $folder is full: $free MB free, at least $megabytes MB needed"
    fi
}
