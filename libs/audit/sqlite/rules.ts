/**
 * The rules of the count once more, in SQL, for auditors to read: written from the documentation, not from the code of the
 * service. `docs/audit.md` explains them.
 */

export const TABLES = `
  CREATE TEMP TABLE box (
    place INTEGER PRIMARY KEY, revision INTEGER NOT NULL, recorded_at INTEGER NOT NULL, closes INTEGER NOT NULL, opens INTEGER NOT NULL,
    clock INTEGER NOT NULL, version INTEGER NOT NULL, vote_id BLOB, participant INTEGER, cast_at INTEGER, expires_at INTEGER,
    proof TEXT, event_id BLOB
  ) STRICT;
  CREATE INDEX temp.closings ON box (place) WHERE closes;
  CREATE TEMP TABLE repeated (vote_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TEMP TABLE again (place INTEGER PRIMARY KEY) STRICT;
  CREATE TEMP TABLE counts (
    verdict TEXT NOT NULL, participant INTEGER NOT NULL, hour INTEGER NOT NULL, votes INTEGER NOT NULL,
    PRIMARY KEY (verdict, participant, hour)
  ) STRICT, WITHOUT ROWID`;

/**
 * Events of a log's own table: of the first parameter's stream, with revisions from the second to the third. The clock at an event is the latest
 * recorded time up to it.
 */
export const FROM_LOG = `
  SELECT revision, recorded_at, max(
      coalesce((SELECT clock FROM box ORDER BY place DESC LIMIT 1), 0),
      max(recorded_at) OVER (ORDER BY revision ROWS UNBOUNDED PRECEDING)), type, version, data, id
  FROM main.events
  WHERE stream = (SELECT id FROM main.streams WHERE name = ?) AND revision BETWEEN ? AND ?
  ORDER BY revision`;

/** As many events, each of them given as revision, recorded at, clock, type, version, bytes, id; in their order. */
export const given = (events: number): string => `
  VALUES ${new Array<string>(events).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ')}`;

/** A part of the bytes as text, counted from the first; `wide` is how many digits the participant's number has more than one. */
const part = (from: number, length: number | string): string => `CAST(substr(data, ${from}, ${length}) AS TEXT)`;
const behindNumber = (from: number, length: number | string): string =>
  `CAST(substr(data, ${from} + wide, ${length}) AS TEXT)`;
const PROVIDER_LENGTH = `instr(substr(data, 165 + wide), '"') - 1`;

/** ms since the epoch of `2026-11-23T22:00:00.000`; NULL where it is no time. */
const milliseconds = (time: string): string => `unixepoch(${time}) * 1000 + CAST(substr(${time}, 21, 3) AS INTEGER)`;

/**
 * The one canonical form of a version: put together again from its parts, a vote is the same bytes. Where a part is not what it
 * should be, it comes out as another text (30 February as 2 March), or as none at all. Only 24:00 is a time for SQLite.
 */
const IS_VOTE = `
  type = 'VoteCast'
  AND octet_length(provider) BETWEEN 1 AND 32 AND length(provider) = octet_length(provider)
  AND substr(cast_at, 12, 2) < '24' AND substr(expires_at, 12, 2) < '24'
  AND provider NOT GLOB '*[^a-z0-9-]*'
  AND CASE version
    WHEN 1 THEN participant GLOB '[1-9]' AND difficulty BETWEEN 0 AND 999999999999999
    WHEN 2 THEN (participant GLOB '[1-9]' OR participant = '10')
      AND substr(cast_at, 18) = '00.000' AND substr(expires_at, 18) = '00.000'
      AND price IN ('base', 'raised', 'suspicious') AND octet_length(unhex(evidence)) = 16
  END
  AND data = CAST(
    '{"voteId":"' || lower(vote_id) || '","participantId":' || participant ||
    ',"castAt":"' || strftime('%FT%R:%f', cast_at) || 'Z","expiresAt":"' || strftime('%FT%R:%f', expires_at) ||
    'Z","humanCheck":{"provider":"' || provider || CASE version
      WHEN 1 THEN '","difficulty":' || difficulty
      ELSE '","price":"' || price || '","evidence":"' || lower(evidence) || '"'
    END || '}}' AS BLOB)`;

/** Takes events into the box. What is not in the canonical form has no `vote_id`. */
export const takeIn = (events: string): string => `
  WITH
    events (revision, recorded_at, clock, type, version, data, id) AS (${events}),
    numbered AS (
      SELECT *, CASE WHEN version = 2 AND ${part(62, 2)} = '10' THEN 1 ELSE 0 END AS wide FROM events LIMIT -1 OFFSET 0),
    placed AS (
      SELECT *, ${part(12, 32)} AS vote_id, ${part(62, '1 + wide')} AS participant, ${behindNumber(74, 23)} AS cast_at,
        ${behindNumber(113, 23)} AS expires_at, ${behindNumber(165, PROVIDER_LENGTH)} AS provider,
        CAST(substr(data, 165 + wide) AS TEXT) AS human_check
      FROM numbered LIMIT -1 OFFSET 0),
    parts AS (
      SELECT *, CAST(substr(human_check, length(provider) + 16) AS INTEGER) AS difficulty,
        substr(human_check, length(provider) + 12, length(human_check) - length(provider) - 60) AS price,
        substr(human_check, -35, 32) AS evidence
      FROM placed LIMIT -1 OFFSET 0)
  INSERT INTO box (revision, recorded_at, closes, opens, clock, version, vote_id, participant, cast_at, expires_at, proof, event_id)
  SELECT revision, recorded_at, type = 'BallotBoxClosed', type = 'BallotBoxOpened' AND revision = 0, clock, version,
    CASE WHEN ${IS_VOTE} THEN unhex(vote_id) END,
    CAST(participant AS INTEGER), ${milliseconds('cast_at')}, ${milliseconds('expires_at')}, human_check, unhex(id, '-')
  FROM parts`;

/** By rule 1 an id is known for 60 s after its challenge expired; a later vote is expired. By rule 2 no vote ever is. */
const IS_IN_TIME = '(version = 2 OR clock <= expires_at + 60000)';

const countAs = (verdict: string, times: 1 | -1): string => `
  INSERT INTO counts
  SELECT ${verdict}, participant, cast_at / 3600000, ${times} FROM box`;
const ADD_UP = 'ON CONFLICT DO UPDATE SET votes = votes + excluded.votes';
/** Behind the first closing event all is late. */
const VERDICT = `
  CASE
    WHEN place > (SELECT min(place) FROM box WHERE closes) THEN 'late'
    ELSE 'counted'
  END`;

/** Counts the votes from a place on that are not expired, each as if it were there for the first time. */
export const COUNT = `${countAs(VERDICT, 1)} WHERE place >= ? AND vote_id NOT NULL AND ${IS_IN_TIME} ${ADD_UP}`;

/**
 * Which votes are in the box again. By rule 2: those with an id and an expiry that were there before. By rule 1 an id is known for
 * 60 s after its challenge expired (whole seconds, rounded up); votes that are expired themselves are not looked at. Ids that come twice are few: only those are put in order. What came again
 * was no vote, but a duplicate.
 */
export const COUNT_AGAIN = `
  INSERT INTO repeated SELECT vote_id FROM box WHERE vote_id NOT NULL GROUP BY vote_id HAVING count(*) > 1;
  INSERT INTO again
  SELECT place FROM (
    SELECT place, clock, version, max((expires_at + 60999) / 1000) OVER (
      PARTITION BY version, vote_id, CASE version WHEN 2 THEN expires_at END ORDER BY place
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known_before
    FROM box WHERE vote_id IN repeated AND ${IS_IN_TIME})
  WHERE known_before >= (clock + 999) / 1000 OR (version = 2 AND known_before NOT NULL);
  ${countAs(VERDICT, -1)} WHERE place IN again ${ADD_UP};
  ${countAs(`'duplicate'`, 1)} WHERE place IN again ${ADD_UP}`;

/**
 * Votes that came again and differ from the first time. Whom it is for and when it was cast may differ: one solution can be sent
 * to two instances at once. What the challenge's signature and the evidence bind (its end, its price) may not (`forged`).
 */
export const DIFFERENT_REPEATS = `
  SELECT b.revision, f.revision AS first, b.participant, f.participant AS first_participant,
    b.cast_at, f.cast_at AS first_cast_at, b.expires_at, f.expires_at AS first_expires_at,
    (b.version, b.expires_at, b.proof) <> (f.version, f.expires_at, f.proof) AS forged
  FROM box b
  JOIN (SELECT vote_id, min(place) AS place FROM box WHERE vote_id IN repeated GROUP BY vote_id) once
    ON once.vote_id = b.vote_id
  JOIN box f ON f.place = once.place
  WHERE b.vote_id IN repeated AND b.place > f.place
    AND (b.participant, b.version, b.cast_at, b.expires_at, b.proof)
      <> (f.participant, f.version, f.cast_at, f.expires_at, f.proof)
  ORDER BY b.place`;

/**
 * Events that have the id of an earlier one and are not the same. A batch that was sent again after an unclear answer may be in
 * the box twice, with its ids.
 */
export const REPEATED_EVENT_IDS = `
  WITH twice AS (
    SELECT event_id, min(place) AS place FROM box WHERE event_id NOT NULL GROUP BY event_id HAVING count(*) > 1)
  SELECT b.revision, f.revision AS first
  FROM box b JOIN twice USING (event_id) JOIN box f ON f.place = twice.place
  WHERE b.place > f.place
    AND (b.closes, b.version, b.vote_id, b.participant, b.cast_at, b.expires_at, b.proof)
      IS NOT (f.closes, f.version, f.vote_id, f.participant, f.cast_at, f.expires_at, f.proof)
  ORDER BY b.place`;

/** Votes for a number that the poll (parameter 1: how many take part) does not have are set aside, whether in time or late. */
export const SET_ASIDE = [
  `INSERT INTO counts
  SELECT 'quarantined', participant, hour, votes FROM counts
  WHERE participant > ? AND verdict IN ('counted', 'late') ${ADD_UP}`,
  "DELETE FROM counts WHERE participant > ? AND verdict IN ('counted', 'late')",
];

/** Takes back the votes of another version than a poll's rule: to it they are not readable. */
export const TAKE_BACK = [
  `${countAs(VERDICT, -1)} WHERE version <> ? AND vote_id NOT NULL AND ${IS_IN_TIME} ${ADD_UP}`,
  'UPDATE box SET vote_id = NULL WHERE version <> ? AND vote_id NOT NULL',
];

/** Of the whole box; a vote that is readable and in time has a verdict in `counts`. */
export const SUMMARY = `
  SELECT count(*) AS events, count(vote_id) AS readable, coalesce(sum(closes), 0) AS cuts, coalesce(sum(opens), 0) AS openings,
    (SELECT CAST(revision AS TEXT) FROM box ORDER BY place DESC LIMIT 1) AS revision,
    (SELECT CAST(revision AS TEXT) FROM box WHERE closes ORDER BY place LIMIT 1) AS cut
  FROM box`;

/** Of the votes before a revision. */
export const LAST_EXPIRY = 'SELECT max(expires_at) AS last FROM box WHERE vote_id NOT NULL AND revision < ?';

export const VERDICTS = `SELECT verdict, sum(votes) AS votes FROM counts GROUP BY verdict`;

export const HOURS = `
  SELECT strftime('%FT%H', hour * 3600, 'unixepoch') AS hour, participant, votes FROM counts
  WHERE verdict = 'counted' AND votes > 0 ORDER BY hour`;

/**
 * Votes with times that the service cannot have written, with a minute for clocks that differ: cast after the challenge
 * expired, or more than an hour (its longest lifetime) before that; cast after they were recorded, or more than 10 s (the
 * limit of an append) before that. Only an expired vote, which only rule 1 knows, may have been on its way for longer: it is in no hour. Version 2 has
 * times in whole minutes: that is a minute more for each of the two. By rule 2 no clock decides, and clocks that were set explain
 * what is less than a day off (`odd`).
 */
export const IMPOSSIBLE_TIMES = `
  SELECT revision, recorded_at, cast_at, expires_at, cast_at < expires_at - 3660000 - 120000 * (version = 2) AS too_long,
    version = 2 AND max(abs(cast_at - expires_at), abs(cast_at - recorded_at)) <= 86400000 AS odd
  FROM box
  WHERE vote_id IS NOT NULL
    AND (cast_at >= expires_at OR cast_at < expires_at - 3660000 - 120000 * (version = 2) OR cast_at > recorded_at + 60000
      OR (cast_at < recorded_at - 70000 - 60000 * (version = 2) AND (version = 2 OR recorded_at <= expires_at + 60000)))
  ORDER BY place`;
