#!/usr/bin/env bash
# Build the till that needs no Python, in dist/hexiao-till/, and try it with an empty environment.
set -euo pipefail
cd "$(dirname "$0")/.."

BUNDLE=dist/hexiao-till
LOG=build/package.log
SELF_TEST_SECONDS=60

say() { printf 'package: %s\n' "$*"; }

# Everything the till needs must come from the bundle: no PATH to speak of, no home, no Python.
in_an_empty_room() {
  local home status=0
  home=$(mktemp -d)
  env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME="$home" QT_QPA_PLATFORM=offscreen \
    timeout --kill-after=5 "$SELF_TEST_SECONDS" "$@" || status=$?
  rm -rf "$home"
  return "$status"
}

mkdir -p build
rm -rf "$BUNDLE"
say "building; details in $LOG"
started=$SECONDS
if ! .venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build \
  packaging/till.spec >"$LOG" 2>&1; then
  tail -n 30 "$LOG"
  say "FAILED"
  exit 1
fi
say "$(du -sm "$BUNDLE" | cut -f1) MB in $((SECONDS - started)) s: $BUNDLE/hexiao-till"

say "its self-test, under an empty environment:"
in_an_empty_room "$BUNDLE/hexiao-till" till --selftest || {
  say "FAILED with exit status $?"
  exit 1
}
say "passed"
