# shellcheck shell=bash
# Sourced by .ci/run: what the tests in a browser need beside the Python environment: Chromium, and axe-core under node_modules/.
# Where neither can be installed they are skipped, and pytest's last lines say so.

AXE_CORE=4.14.1

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

has_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

browser() {
    has_chromium >/dev/null || { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends chromium; } ||
        echo "Chromium cannot be installed here." >&2
    [ -f node_modules/axe-core/axe.min.js ] && return
    command -v npm >/dev/null || as_root apt-get install -y -qq --no-install-recommends npm || true
    npm install --no-save --no-package-lock --no-audit --no-fund --silent "axe-core@$AXE_CORE" || echo "axe-core cannot be installed here." >&2
}
