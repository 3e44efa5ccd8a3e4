#!/usr/bin/env bash
# Fails when something that runs in production has a known weakness of high severity. Without a network, or where the registry has no such service, it
# only says that it did not look.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

report=$(timeout 60 npm audit --omit=dev --audit-level=high --json 2>/dev/null) && exit 0
if grep -q '"auditReportVersion"' <<<"$report"; then
  echo "$report"
  exit 1
fi
echo 'warning: the advisories could not be read; nothing was checked' >&2
