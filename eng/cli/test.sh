# ./aigc2d test [FILTER…]: builds the tests and runs them, all or those of projects whose names contain a FILTER.
# shellcheck shell=bash

main() {
    step_pid='' passed=0 failed=0 skipped=0 broken=no failures=''
    results=$root/artifacts/test
    mark=AIGC2D_TEST_RUN=$$-$(start_time $$)
    trap '' PIPE
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    trap 'finish' EXIT
    choose_projects "$@"
    require_sdk
    require_disk "$root" 2000
    step "$root/eng/install.sh" servers test
    step "$root/eng/probe-registry.sh"
    step install_clients
    build_projects || {
        broken=yes
        fail "the build failed, see above"
    }
    rm -rf "$results"
    local project
    for project in "${projects[@]}"; do run_project "$project"; done
}

choose_projects() {
    local file name filter
    projects=()
    for file in "$root"/tests/*.Tests/*.Tests.csproj; do
        name=$(basename "$file" .csproj)
        if [[ $# -eq 0 ]]; then projects+=("$name"); fi
        for filter in "$@"; do
            if [[ ${name,,} == *"${filter,,}"* ]]; then
                projects+=("$name")
                break
            fi
        done
    done
    if [[ ${#projects[@]} -eq 0 ]]; then
        broken=yes
        fail "no test project matches $*"
    fi
}

# The JavaScript clients that some projects are driven by, as the lock file beside them says.
install_clients() {
    local project clients
    for project in "${projects[@]}"; do
        clients=$root/tests/$project/clients
        [[ -e $clients/package-lock.json ]] || continue
        if [[ ! -e $clients/node_modules/.package-lock.json || $clients/package-lock.json -nt $clients/node_modules/.package-lock.json ]]; then
            echo "test: npm ci for $project"
            (cd "$clients" && npm ci --no-audit --no-fund --loglevel=error </dev/null)
            touch "$clients/node_modules/.package-lock.json"
        fi
    done
}

# Warnings of the build itself count too, except on genuine packages: a later one may mark a member as obsolete.
build_projects() {
    local strict=() project
    if [[ -e $root/eng/registry.props ]]; then strict=(-warnaserror); fi
    echo "test: building"
    if [[ ${#projects[@]} -eq $(compgen -G "$root/tests/*.Tests/*.Tests.csproj" | wc -l) && -e $root/Aigc2d.sln ]]; then
        step build "$root/Aigc2d.sln" "${strict[@]}"
        return
    fi
    for project in "${projects[@]}"; do
        step build "$root/tests/$project/$project.csproj" "${strict[@]}" || return 1
    done
}

run_project() {
    local project=$1 started=$SECONDS code=0 counters trx=$results/$1/results.trx
    echo
    echo "test: $project"
    mkdir -p "$results/$project"
    step env "$mark" timeout --kill-after=20 600 dotnet test "$root/tests/$project/$project.csproj" -c "$configuration" --no-build --nologo \
        --logger "trx;LogFileName=results.trx" --logger "console;verbosity=minimal" --results-directory "$results/$project" </dev/null || code=$?
    counters=$(grep -o '<Counters [^>]*>' "$trx" 2>/dev/null) || true
    if [[ -z $counters ]]; then
        echo "error: $project ended with code $code without results$([[ $code != 124 ]] || echo ', after 10 minutes')" >&2
        broken=yes
        return
    fi
    local ok bad total
    ok=$(counter passed) bad=$(counter failed) total=$(counter total)
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
    if ((code != 0 && bad == 0)); then
        echo "error: $project ended with code $code although no test failed" >&2
        broken=yes
    fi
    echo "test: $project: $ok passed, $bad failed, $((total - ok - bad)) skipped, $((SECONDS - started)) s"
    if ((bad > 0)); then failures+=$(failures_of "$trx")$'\n'; fi
}

# Each failed test with the first lines of its message, as plain text.
failures_of() {
    awk '
        /<UnitTestResult / && /outcome="Failed"/ { name = $0; sub(/.* testName="/, "", name); sub(/" .*/, "", name); print "failed: " name; inside = 1 }
        /<\/UnitTestResult>/ { inside = 0 }
        inside && /<Message>/ { message = 1; lines = 0; sub(/.*<Message>/, "") }
        message && lines++ < 100 { line = $0; sub(/<\/Message>.*/, "", line); print "    " substr(line, 1, 400) }
        /<\/Message>/ { message = 0 }
    ' "$1" | sed 's/&quot;/"/g; s/&#xD;//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

counter() { sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$counters"; }

# The last line counts; before it, everything that the tests started must be gone.
finish() {
    local code=$? left pid
    trap '' INT TERM HUP
    if [[ -n $step_pid ]]; then end_tree "$step_pid"; fi
    left=$(marked_processes "$mark")
    if [[ -n $left ]]; then
        for pid in $left; do echo "left behind, ending it: $pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-100)" >&2; done
        end_marked "$mark"
        [[ $code -ne 0 ]] || broken=yes
    fi
    if [[ $code -eq 0 ]] && { [[ $broken == yes ]] || ((failed > 0 || passed == 0)); }; then code=1; fi
    echo
    printf '%s' "$failures"
    echo "$passed passed, $failed failed, $skipped skipped"
    exit "$code"
}
