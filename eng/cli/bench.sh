# ./aigc2d bench [NAME]: builds and runs a benchmark on servers of its own. The table goes to standard output, the rest to standard error.
# 0 measured and audited, 1 failed or the audit found something, 2 there is no such benchmark.
# shellcheck shell=bash

main() {
    step_pid='' known=()
    local file name
    for file in "$root"/tests/Benchmarks/*Benchmark.cs; do
        name=$(basename "$file" Benchmark.cs)
        known+=("${name,,}")
    done
    [[ $# -le 1 ]] || usage_error "bench takes one name"
    if [[ $# -eq 0 ]]; then
        printf '%s\n' "${known[@]}"
        return
    fi
    [[ " ${known[*]} " == *" $1 "* ]] || usage_error "there is no benchmark $1, only: ${known[*]}"

    mark=AIGC2D_BENCH_RUN=$$-$(start_time $$)
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    trap 'finish' EXIT
    require_sdk
    require_disk "$root" 2000
    step "$root/eng/install.sh" servers >&2
    step "$root/eng/probe-registry.sh" >&2
    echo "bench: building" >&2
    step build "$root/tests/Benchmarks/Benchmarks.csproj" >&2 || fail "the build failed, see above"
    step env "$mark" dotnet "$root/tests/Benchmarks/bin/$configuration/net10.0/Aigc2d.Benchmarks.dll" "$1" </dev/null
}

# The benchmark stops its servers itself when it is told to end; what is left after that is ended here.
finish() {
    local code=$? deadline=$((SECONDS + 30))
    trap '' INT TERM HUP
    if [[ -n $step_pid ]]; then
        end_tree "$step_pid"
        while alive "$step_pid" && ((SECONDS < deadline)); do sleep 0.2; done
    fi
    end_marked "$mark"
    exit "$code"
}
