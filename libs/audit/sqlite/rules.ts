/**
 * The rules of the count once more, in SQL, for auditors to read: written from the documentation, not from the code of the
 * service. `docs/audit.md` explains them.
 */

/** Where `?` stands, the conditions below look closer: `unhex` and `unixepoch` are faster than a class for each character. */
const TIME = '????-??-??T??:??:[0-5]?.[0-9][0-9][0-9]Z';
const VOTE =
  `{"voteId":"${'?'.repeat(32)}","participantId":[1-9],"castAt":"${TIME}","expiresAt":"${TIME}",` +
  `"humanCheck":{"provider":"*","difficulty":*}}`;

export const TABLES = `
  CREATE TABLE box (
    place INTEGER PRIMARY KEY, revision INTEGER NOT NULL, recorded_at INTEGER NOT NULL, closes INTEGER NOT NULL,
    clock INTEGER NOT NULL, vote_id BLOB, participant INTEGER, cast_at INTEGER, expires_at INTEGER
  ) STRICT;
  CREATE TABLE repeated (vote_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE again (place INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE counts (
    verdict TEXT NOT NULL, participant INTEGER NOT NULL, hour INTEGER NOT NULL, votes INTEGER NOT NULL,
    PRIMARY KEY (verdict, participant, hour)
  ) STRICT, WITHOUT ROWID`;

/** ms since the epoch of the 24 characters of a time; NULL where it is none. */
const milliseconds = (at: number): string =>
  `unixepoch(substr(data, ${at}, 19)) * 1000 + CAST(substr(data, ${at + 20}, 3) AS INTEGER)`;

/** SQLite would take 30 February and 24:00 for other days. */
const isOnTheCalendar = (at: number): string => `substr(data, ${at + 11}, 2) < '24'
  AND (substr(data, ${at + 8}, 2) < '29' OR strftime('%FT%T', substr(data, ${at}, 19)) = substr(data, ${at}, 19))`;

/**
 * The one canonical form. Every part has its place up to the provider's name, at character 165; the rest must be what
 * its parts make when they are put together again. A NUL would end the text too early.
 */
const IS_VOTE = `
  type = 'VoteCast' AND version = 1 AND data GLOB '${VOTE}' AND length(data) = octet_length(data)
  AND substr(data, 12, 32) = lower(substr(data, 12, 32))
  AND cast_at NOT NULL AND expires_at NOT NULL AND ${isOnTheCalendar(74)} AND ${isOnTheCalendar(113)}
  AND length(provider) BETWEEN 1 AND 32 AND provider NOT GLOB '*[^a-z0-9-]*'
  AND difficulty BETWEEN 0 AND 999999999999999
  AND substr(data, 165) = provider || '","difficulty":' || difficulty || '}}'`;

/**
 * Takes in as many events of the ballot box: revision, recorded at, clock (the latest recorded time so far), type, version,
 * text; in their order. What is not in the canonical form has no `vote_id`.
 */
export const insert = (rows: number): string => `
  WITH
    events (revision, recorded_at, clock, type, version, data) AS (
      VALUES ${new Array<string>(rows).fill('(?, ?, ?, ?, ?, ?)').join(', ')}),
    parts AS (
      SELECT *, ${milliseconds(74)} AS cast_at, ${milliseconds(113)} AS expires_at,
        substr(data, 165, instr(substr(data, 165), '"') - 1) AS provider,
        CAST(substr(data, instr(substr(data, 165), '"') + 179) AS INTEGER) AS difficulty
      FROM events LIMIT -1 OFFSET 0)
  INSERT INTO box (revision, recorded_at, closes, clock, vote_id, participant, cast_at, expires_at)
  SELECT revision, recorded_at, type = 'BallotBoxClosed', clock, CASE WHEN ${IS_VOTE} THEN unhex(substr(data, 12, 32)) END,
    CAST(substr(data, 62, 1) AS INTEGER), cast_at, expires_at
  FROM parts`;

/** Known for 60 s after the challenge expired; behind that a vote is expired. */
const IS_IN_TIME = 'clock <= expires_at + 60000';

/**
 * Which votes are in the box again. An id is known for 60 s after its challenge expired (whole seconds, rounded up); votes
 * that are expired themselves are not looked at. Ids that come twice are few: only those are put in order.
 */
export const REPEATED = `
  INSERT INTO repeated SELECT vote_id FROM box WHERE vote_id NOT NULL GROUP BY vote_id HAVING count(*) > 1;
  INSERT INTO again
  SELECT place FROM (
    SELECT place, clock, max((expires_at + 60999) / 1000) OVER (PARTITION BY vote_id ORDER BY place
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known_before
    FROM box WHERE vote_id IN repeated AND ${IS_IN_TIME})
  WHERE known_before >= (clock + 999) / 1000`;

/** The verdict on each vote that is not expired. Behind the first closing event all is late. */
export const COUNT = `
  INSERT INTO counts
  SELECT
    CASE
      WHEN place IN again THEN 'duplicate'
      WHEN participant > 2 THEN 'quarantined'
      WHEN place > (SELECT min(place) FROM box WHERE closes) THEN 'late'
      ELSE 'counted'
    END, participant, cast_at / 3600000, 1
  FROM box WHERE vote_id NOT NULL AND ${IS_IN_TIME}
  ON CONFLICT DO UPDATE SET votes = votes + 1`;

/** Of the whole box; a vote that is readable and in time has a verdict in `counts`. */
export const SUMMARY = `
  SELECT count(*) AS events, count(vote_id) AS readable, coalesce(sum(closes), 0) AS cuts,
    (SELECT CAST(revision AS TEXT) FROM box ORDER BY place DESC LIMIT 1) AS revision,
    (SELECT CAST(revision AS TEXT) FROM box WHERE closes ORDER BY place LIMIT 1) AS cut
  FROM box`;

export const VERDICTS = `SELECT verdict, sum(votes) AS votes FROM counts GROUP BY verdict`;

export const HOURS = `
  SELECT strftime('%FT%H', hour * 3600, 'unixepoch') AS hour, participant, votes FROM counts
  WHERE verdict = 'counted' ORDER BY hour`;

/**
 * Votes with times that the service cannot have written, with a minute for clocks that differ: cast after the challenge
 * expired, or more than an hour (its longest lifetime) before that; cast after they were recorded, or more than 10 s (the
 * limit of an append) before that. Only an expired vote may have been on its way for longer: it is in no hour.
 */
export const IMPOSSIBLE_TIMES = `
  SELECT revision, recorded_at, cast_at, expires_at FROM box
  WHERE vote_id IS NOT NULL
    AND (cast_at > expires_at OR cast_at < expires_at - 3660000 OR cast_at > recorded_at + 60000
      OR (cast_at < recorded_at - 70000 AND recorded_at <= expires_at + 60000))
  ORDER BY place`;
