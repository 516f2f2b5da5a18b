#!/usr/bin/env bash
# All that is checked without running anything. Usage: check.sh <bun>
set -uo pipefail
bun=$1
failed=0
step() {
  echo "check: $1"
  shift
  "$@" || { failed=1; echo "check: failed" >&2; }
}
step types "$bun" check
step format "$bun" fmt --check
step promises "$bun" --bun node_modules/.bin/eslint .
step "unused code" "$bun" --bun node_modules/.bin/knip
step "API document" "$bun" scripts/openapi.ts --check
step "import direction" "$bun" --bun node_modules/.bin/depcruise --config .dependency-cruiser.cjs src web
exit $failed
