# Two images from one build: `app` has the programs (the command chooses dist/apps/<program>/main.js), `web` is nginx with
# its configuration and the pages.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.30.5-alpine

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev --include=optional --loglevel=error
COPY . .
RUN npm run build

# What the programs need at run time: the image library's binaries are optional packages too. So is Node itself, for machines
# that lack it; this image has one.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --include=optional --loglevel=error \
 && rm -r node_modules/node-linux-* node_modules/.bin/node

FROM ${NODE_IMAGE} AS app
# A service without its stores' addresses does not start: it would keep votes to itself. All in one: -e STORES=embedded
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data STORES=servers
WORKDIR /app
# A new volume gets the owner of the folder that it is first mounted on. The logs are written by several users, and removed
# by this one.
RUN install -d -o node -g node -m 0700 /data /secrets/app /secrets/operator \
 && install -d -o node -g node -m 0755 /secrets/mongo /secrets/eventstore /secrets/tools /secrets/authority /secrets/nodes \
    /secrets/graylog /secrets/monitoring /secrets/prometheus /var/lib/fluent-bit /var/lib/log-keeper /var/lib/recount \
 && install -d -o node -g node -m 0700 /var/lib/address-record \
 && install -d -o node -g node -m 1777 /var/log/paredao
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY --from=build /app/dist/apps dist/apps
COPY --from=build /app/dist/libs dist/libs
# For rehearsals: the load generator (README, "An error on purpose"), and nothing else of that folder: see .dockerignore.
COPY --from=build /app/dist/bench dist/bench
COPY --from=build /app/dist/web dist/web
COPY deploy/compose/secrets.mjs deploy/compose/eventstoredb-users.mjs deploy/compose/
# Told to the metrics, by which the dashboards mark deployments: --build-arg COMMIT=$(git rev-parse HEAD)
ARG COMMIT=unknown
ENV COMMIT=$COMMIT
COPY graylog/init.mjs graylog/tidy-logs.mjs graylog/
COPY graylog/content-packs graylog/content-packs
# node, by number: Kubernetes can tell then that it is not root.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=15s --start-period=180s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/standalone/main.js"]

FROM ${NGINX_IMAGE} AS web
COPY nginx/ /etc/nginx/
COPY --from=build /app/dist/web /usr/share/nginx/html
# nginx writes into run/ and cache/ only. A configuration that it would not start with does not build.
USER 0
RUN install -d -o 101 -g 101 /etc/nginx/run /etc/nginx/cache && install -d -o 1000 -g 1000 -m 1777 /var/log/paredao \
 && nginx -t && rm -rf /etc/nginx/run/*
USER 101:101
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/saude"]
ENTRYPOINT ["nginx", "-g", "daemon off;"]
CMD []
