# ./aigc2d moderation train|eval|score …: work on files with the screening engine; no server is needed. Results go to standard output, the rest to standard
# error. 0 done, 1 failed, 2 misused or unreadable input.
# shellcheck shell=bash

main() {
    [[ $# -gt 0 ]] || usage_error "moderation takes a command: train, eval or score"
    local command=$1 defaults=()
    shift
    case $command in
    train)
        defaults=(--corpus "$root/src/Moderation/Corpus/Data")
        # Weights that have not seen everything are an experiment, and never the ones that are shipped.
        [[ " $* " == *" --without "* ]] || defaults+=(--out "$root/src/Moderation/Models/Data/screening.model")
        ;;
    eval | score) ;;
    *) usage_error "moderation does not know $command" ;;
    esac
    require_sdk
    build_moderation
    exec dotnet "$root/src/Moderation/bin/$configuration/net10.0/Aigc2d.Moderation.dll" "$command" "${defaults[@]}" "$@"
}

# Standard output belongs to the command, so a build speaks on standard error, and only when there is something to build.
build_moderation() {
    local stamp=$artifacts/moderation.stamp dll=$root/src/Moderation/bin/$configuration/net10.0/Aigc2d.Moderation.dll fingerprint
    fingerprint=$(sources_fingerprint)
    if [[ -e $dll && $(cat "$stamp" 2>/dev/null) == "$fingerprint" ]]; then return; fi
    "$root/eng/probe-registry.sh" >&2
    echo "moderation: building" >&2
    build "$root/src/Moderation/Moderation.csproj" >&2 || fail "the build failed, see above"
    mkdir -p "$artifacts"
    sources_fingerprint >"$stamp"
}
