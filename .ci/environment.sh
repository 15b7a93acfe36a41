# shellcheck shell=bash
# Sourced by ./run and ./test: makes .venv beside this repository's files, or finds it made.
# It needs Python 3.11 or newer with the venv module, and nothing else. `environment` is the one function to call.

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    echo "Barème needs Python 3.11 or newer, and none was found on the PATH as python3 or python3.11 … python3.14." >&2
    echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Elsewhere: https://www.python.org/downloads/" >&2
    return 1
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "$python lacks the venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2
        return 1
    fi
    "$python" -m venv --clear .venv
}

# environment EXTRA: installs this project, editable, with that extra ("" for none), unless a stamp says that it was done for this pyproject.toml.
environment() {
    local extra=$1 wanted stamp
    .venv/bin/python -c '' >/dev/null 2>&1 || make_venv
    wanted=$(.venv/bin/python -c 'import hashlib, pathlib; print(hashlib.sha256(pathlib.Path("pyproject.toml").read_bytes()).hexdigest())')
    stamp=.venv/installed-${extra:-base}
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    echo "Installing Barème${extra:+ with its $extra tools} into .venv (once) …" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --editable ".${extra:+[$extra]}"
    printf '%s\n' "$wanted" >"$stamp"
    [ -n "$extra" ] && printf '%s\n' "$wanted" >.venv/installed-base
    return 0
}
