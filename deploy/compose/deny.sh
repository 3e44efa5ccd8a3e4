#!/bin/sh
# Tells nginx whom to refuse: makes rules.conf of networks.txt, both in the folder of denied networks, and has nginx read it.
#
#     deploy/compose/deny.sh [folder, else DENIED_FOLDER, else nginx/site/denied]
#
# What is no address is left out; the services say which lines. When nginx does not take the rules, those before stay.
set -eu
folder=${1:-${DENIED_FOLDER:-nginx/site/denied}}
before=$(cat "$folder/rules.conf")
# Written into, not replaced: the container has this very file.
{
    echo '# Made of networks.txt by deploy/compose/deny.sh.'
    sed -n 's/#.*//; s/[[:space:]]//g; s/^[0-9A-Fa-f.:]\{2,\}\(\/[0-9]\{1,3\}\)\{0,1\}$/deny &;/p' "$folder/networks.txt"
} >"$folder/rules.conf"
if ! docker compose exec -T nginx nginx -t -q; then
    printf '%s\n' "$before" >"$folder/rules.conf"
    exit 1
fi
docker compose exec -T nginx nginx -s reload
