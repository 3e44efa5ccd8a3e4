#!/bin/bash
# Read last by the entry point of the image when the database is empty: all users are made, and on the disk.
# shellcheck disable=SC2154  # "mongo" is the entry point's: mongosh, connected to the server of the first start
"${mongo[@]}" admin --eval 'db.adminCommand({ fsync: 1 })' && rm -f /data/db/first-start
