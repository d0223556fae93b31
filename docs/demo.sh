# What `make demo` runs, in an empty folder, with the installed command.
set -eu

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

echo "Which agents share a threat? 85 real agents, from what public threat-model pages say of them."
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
echo "The base is $(pwd)/kb.db. More questions: kb ask --list. Your own documents: kb load FILE…"
