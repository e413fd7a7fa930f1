# ./aigc2d audit: checks the ledger's invariants on the running system. 0 clean, 1 violated, 2 cannot connect.
# shellcheck shell=bash

main() {
    [[ $# -eq 0 ]] || usage_error "audit takes no arguments"
    local dll=$root/src/Billing/bin/$configuration/net10.0/Aigc2d.Billing.dll url
    if ! apphost_runs || [[ ! -e $artifacts/local.env || ! -e $dll ]]; then
        echo "AIGC2D is not running, so there is no ledger to audit; start it with ./aigc2d up" >&2
        exit 2
    fi
    # shellcheck source=/dev/null
    url=$(source "$artifacts/local.env" && echo "${AIGC2D_POSTGRES_URL:-}")
    if [[ ! $url =~ ^postgres(ql)?://([^:]*):([^@]*)@([^:/]+):([0-9]+)$ ]]; then
        echo "AIGC2D_POSTGRES_URL in $artifacts/local.env is not a PostgreSQL address" >&2
        exit 2
    fi
    local user password host=${BASH_REMATCH[4]} port=${BASH_REMATCH[5]}
    user=$(decode "${BASH_REMATCH[2]}")
    password=$(decode "${BASH_REMATCH[3]}")
    ConnectionStrings__billingdb="Host=$host;Port=$port;Username=$(quote "$user");Password=$(quote "$password");Database=billingdb"
    export ConnectionStrings__billingdb
    exec dotnet "$dll" --audit
}

decode() { printf '%b' "${1//%/\\x}"; }

quote() { printf '"%s"' "${1//\"/\"\"}"; }
