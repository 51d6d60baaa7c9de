-- An event points at its run's event before it (`previous`, 0 for none), and `span` says where a run's
-- events begin and end. An index over run and seq would touch a page of its own for every run that a
-- commit writes to; this touches those of `span`, which hold hundreds of runs each.
DROP VIEW trace;

CREATE TABLE event_2 (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (no),
  seq INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  hash BLOB NOT NULL,
  store_hash BLOB NOT NULL
) STRICT;
INSERT INTO event_2
SELECT id, run, seq, lag(id, 1, 0) OVER (PARTITION BY run ORDER BY seq), at, body, hash, store_hash
FROM event ORDER BY id;
DROP TABLE event;
ALTER TABLE event_2 RENAME TO event;

-- Follows from `event` and is the only table whose rows change.
CREATE TABLE span (
  run INTEGER PRIMARY KEY REFERENCES run (no),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
INSERT INTO span SELECT run, min(id), max(id) FROM event GROUP BY run;

CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- INSERT OR REPLACE removes the old row without a delete trigger.
CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN NEW.id <= (SELECT max(id) FROM event)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE VIEW trace AS
SELECT
  event.id AS place,
  run.id AS run,
  event.seq AS seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', event.at / 1000000.0, 'unixepoch') AS at,
  json_extract(CAST(event.body AS TEXT), '$.type') AS type,
  CAST(event.body AS TEXT) AS event,
  lower(hex(event.hash)) AS hash
FROM event JOIN run ON run.no = event.run;
