#!/bin/sh
# Ends the resources of an AppHost that has gone without ending them itself.
# Usage: compat-watchdog.sh MARK GRACE_SECONDS; standard input: lines "+GROUP" and "-GROUP", its end means that the AppHost has gone.
mark=$1
grace=$2
groups=" "
trap '' HUP INT QUIT TERM

while IFS= read -r line; do
    group=${line#?}
    case $line in
        +*) groups="$groups$group " ;;
        -*) case $groups in *" $group "*) groups="${groups%%" $group "*} ${groups#*" $group "}" ;; esac ;;
    esac
done

any_alive() {
    for stat in /proc/[0-9]*/stat; do
        { read -r text <"$stat"; } 2>/dev/null || continue
        # After the name in parentheses: state, parent, group.
        set -- ${text##*) }
        [ "$1" = Z ] && continue
        case $groups in *" $3 "*) return 0 ;; esac
    done
    return 1
}

for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
rounds=$((grace * 5))
while [ "$rounds" -gt 0 ] && any_alive; do
    sleep 0.2
    rounds=$((rounds - 1))
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done

# What has left its group is known by the variable that it was started with.
for environment in $(grep -lsz "^ASPIRE_COMPAT_RUN=$mark:" /proc/[0-9]*/environ); do
    process=${environment#/proc/}
    kill -s KILL "${process%/environ}" 2>/dev/null
done
exit 0
