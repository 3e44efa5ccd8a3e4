/** What `npm start` and `npm run dev` take. */
export const START = {
  usage: 'npm start -- [options]',
  about: `Serves the whole service in one process, on the embedded stores. Exit code 1: it cannot start.
The options stand for the variables HOST, PORT and DATA_DIR. All variables are in the README, under Settings.`,
  options: {
    port: { type: 'string', value: 'N', help: 'of the service; 0: one that is free (default 3000)' },
    host: { type: 'string', value: 'ADDRESS', help: '0.0.0.0 lets phones on your network vote (default 127.0.0.1)' },
    'data-dir': { type: 'string', value: 'PATH', help: 'the log, the tallies, the keys, the users (default data)' },
    'watch-only': {
      type: 'boolean',
      default: false,
      help: 'takes no votes: another process writes the log in the data directory, such as a replay',
    },
  },
} as const;
