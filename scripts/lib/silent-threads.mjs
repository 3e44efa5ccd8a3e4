/**
 * Loaded before a service that `node --watch` runs. There a thread reports what it imports, as messages among its own, which the
 * service would take for answers. So threads, whose environment is a copy of this one, do not know that they are watched;
 * the process itself has looked before.
 */
delete process.env.WATCH_REPORT_DEPENDENCIES;
