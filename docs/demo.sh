# What `make demo` runs, in an empty folder, with the installed command. Pages go to the folder OUT.
set -eu
: "${OUT:=$(pwd)}"

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

echo "Which agents share a threat? 85 real agents, from what public threat-model pages say of them, and four worked systems of them."
run kb load --seeds
run kb ask shared-threats --limit 5
echo
echo "Two coding agents that a team may run side by side: what do Qwen3-Coder and Codegen have in common, and with whom?"
run kb ask agents-like qwen3-coder --limit 3
run kb ask shared-threats --threat T5
run kb show codegen
echo
echo "And by score, where the pages give what a score needs:"
run kb ask score-ranking --limit 5
echo
echo "If an agent falls, who falls next, along which chain, how likely? A coding pipeline of Codegen, Qwen3-Coder and others:"
run kb cascade ticket-to-merge/coder --quiet
echo
echo "The same as a picture, a page that needs no network, with a switch for the best two controls:"
run kb map --cascade ticket-to-merge/coder --budget 2 --controls-only --output "$OUT/trust-map.html" --quiet
echo
echo "And which two controls help it best against strangers?"
run kb plan --budget 2 --system ticket-to-merge --quiet
echo "(Each answer also says what it assumes; --quiet left that out here.)"
echo
echo "All of that as one file to hand over, with what is assumed, unknown and where each figure comes from:"
run kb report --system ticket-to-merge --output "$OUT/report.html" --quiet
echo
echo "To look at, in $OUT: trust-map.html and report.html. The base is $(pwd)/kb.db. More questions: kb ask --list. Your own documents: kb load FILE…"
