#!/bin/bash
# Makes one replica set of the members, once, and waits until it takes writes.
set -euo pipefail
exec mongosh --quiet --norc 'mongodb://mongo:27017/admin?directConnection=true' --eval '
  db.auth("root", require("fs").readFileSync("/run/paredao/root-password", "utf8").trim());
  try {
    rs.status();
  } catch (error) {
    if (error.codeName !== "NotYetInitialized") throw error;
    const hosts = ["mongo:27017", "mongo-2:27017", "mongo-3:27017"];
    rs.initiate({ _id: "paredao", members: hosts.map((host, _id) => ({ _id, host })) });
  }
  while (rs.status().members.every(({ stateStr }) => stateStr !== "PRIMARY")) sleep(500);
'
