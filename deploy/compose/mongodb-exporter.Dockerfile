# The exporter takes its connection string, which has a password, from its environment only, and its image has no shell that could
# read a file: this one has.
FROM percona/mongodb_exporter:0.53.0 AS exporter

FROM busybox:1.37.0
COPY --from=exporter /mongodb_exporter /bin/mongodb_exporter
COPY mongodb-exporter.sh /bin/
ENV MONGODB_URL_FILE=/run/paredao/mongodb-url
USER 65534:65534
ENTRYPOINT ["/bin/sh", "/bin/mongodb-exporter.sh"]
