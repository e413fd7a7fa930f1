#!/usr/bin/env bash
# Finds out whether the package registry at hand carries the genuine Aspire, Refit and OpenTelemetry hosting packages.
# Writes eng/registry.props (UseCompat=true) where it says that they do not exist, removes it where they restore.
# Any other trouble (no network, a time-out, credentials) is an error: stand-ins are never chosen by accident.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
props=$root/eng/registry.props
stamp=$root/artifacts/run/registry.stamp
packages=(Aspire.Hosting Refit OpenTelemetry.Extensions.Hosting)

wanted=$(sha256sum <"$root/Directory.Packages.props" | cut -d' ' -f1)
if [[ ${1:-} != --force && -f $stamp ]]; then
    read -r verdict seen <"$stamp" || true
    if [[ $seen == "$wanted" ]]; then
        [[ $verdict == genuine && ! -f $props ]] && exit 0
        [[ $verdict == compat && -f $props ]] && exit 0
    fi
elif [[ ${1:-} != --force && -f $props && $props -nt $root/Directory.Packages.props ]]; then
    exit 0
fi

remember() {
    mkdir -p "${stamp%/*}"
    printf '%s %s\n' "$1" "$wanted" >"$stamp"
}

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
cp "$root/Directory.Packages.props" "$probe/"
for config in NuGet.Config nuget.config NuGet.config; do
    [[ -f $root/$config ]] && cp "$root/$config" "$probe/"
done
{
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup><ItemGroup>'
    for package in "${packages[@]}"; do echo "<PackageReference Include=\"$package\" />"; done
    echo '</ItemGroup></Project>'
} >"$probe/Probe.csproj"

echo "registry: asking for ${packages[*]}" >&2
if MSBUILDDISABLENODEREUSE=1 timeout 180 dotnet restore "$probe/Probe.csproj" -nodeReuse:false --nologo -v q >"$probe/log" 2>&1 </dev/null; then
    rm -f "$props"
    remember genuine
    echo "registry: genuine packages restore" >&2
    exit 0
else
    code=$?
fi

if [[ $code -ne 124 ]] && ! grep -q 'NU1301' "$probe/log" && grep -q 'NU1101' "$probe/log"; then
    echo '<Project><PropertyGroup><UseCompat>true</UseCompat></PropertyGroup></Project>' >"$props"
    remember compat
    missing=$(sed -nE 's/.*NU1101: [^.]*package ([A-Za-z.]+)\. .*/\1/p' "$probe/log" | sort -u | paste -sd' ')
    echo "registry: it does not carry $missing (NU1101), so stand-ins from eng/compat take their place." >&2
    echo "registry: compat mode: this is not .NET Aspire" >&2
    exit 0
fi

{
    echo "error: the package registry could not be asked (exit code $code), so it stays open whether genuine packages exist:"
    grep -E 'error|NU[0-9]{4}' "$probe/log" | sed 's/^[^ ]* : //' | sort -u | head -n 5 || tail -n 5 "$probe/log"
    [[ $code -eq 124 ]] && echo "it did not answer within 180 s"
    echo "check the network, a proxy and 'dotnet nuget list source', then run this again"
} >&2
exit 1
