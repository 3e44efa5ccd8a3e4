#!/bin/bash
# Read by the entry point of the image when the database is empty: the user of the exporter, which only measures.
# shellcheck disable=SC2154,SC2016  # "mongo" is the entry point's: mongosh, connected to the server of the first start
"${mongo[@]}" admin --eval '
  const password = require("fs").readFileSync("/run/paredao/monitor-password", "utf8").trim();
  db.createUser({ user: "medidor", pwd: password, roles: ["clusterMonitor", { role: "read", db: "local" }] });
'
