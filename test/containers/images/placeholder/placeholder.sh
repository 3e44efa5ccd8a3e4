#!/bin/sh
# Whatever it is called with, but for a program that is there.
if command -v "${1:-}" >/dev/null 2>&1; then exec "$@"; fi
exec node /app/index.js
