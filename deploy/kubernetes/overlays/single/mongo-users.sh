#!/bin/bash
# Read by the entry point of the image when the database is empty: the service's user, and one that only reads.
# shellcheck disable=SC2154,SC2016  # "mongo" is the entry point's: mongosh, connected to the server of the first start
"${mongo[@]}" paredao --eval '
  const password = (name) => require("fs").readFileSync(`/run/paredao/${name}`, "utf8").trim();
  db.createUser({ user: "paredao", pwd: password("app-password"), roles: [{ role: "readWrite", db: "paredao" }] });
  db.createUser({ user: "leitor", pwd: password("reader-password"), roles: [{ role: "read", db: "paredao" }] });
'
