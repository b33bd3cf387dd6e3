# Children of each kind that bash has, and how they end.
echo "$(echo substituted)" < <(echo unused)
cat <(echo one) <(echo two)
(exit 4); echo $?
sh -c 'kill -TERM $$'; echo $?
yes | head -n 2; echo "${PIPESTATUS[@]}"
printf '%s\n' b a b | sort | uniq -c
env -i /bin/sh -c 'echo "cleared: $HOME"'
(exec -c /bin/sh -c 'echo "cleared: $HOME"')
trap 'echo trapped' EXIT
sleep 0 & wait $!; echo $?
coproc cat; echo through >&"${COPROC[1]}"; read -r -u "${COPROC[0]}" line; echo "$line"
/nowhere/at/all; echo $?
command /etc; echo $?
ulimit -n 16; ls starts.bash; ls nothing; echo $?
exec sh -c 'echo last; echo error >&2; exit 5'
