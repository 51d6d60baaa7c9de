-- Runs, numbered so that an event names its run in a few bytes.
CREATE TABLE run (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

-- The log. `id` is the place in the whole store, from 1 without gaps; `seq` the place in the run.
-- `at` is in microseconds since 1970. `body` is the event as JSON, exactly the bytes hashed.
-- `hash` continues the run's chain, `store_hash` the chain over all runs.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (no),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  hash BLOB NOT NULL,
  store_hash BLOB NOT NULL,
  UNIQUE (run, seq)
) STRICT;

-- Small payloads, committed together with the event that names them.
CREATE TABLE blob (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;

-- For people with a SQL prompt.
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

CREATE TRIGGER run_update BEFORE UPDATE ON run
BEGIN SELECT RAISE(ABORT, 'runs are append-only'); END;
CREATE TRIGGER run_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'runs are append-only'); END;
CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- INSERT OR REPLACE removes the old row without a delete trigger.
CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN NEW.id <= (SELECT max(id) FROM event)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER blob_update BEFORE UPDATE ON blob
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
CREATE TRIGGER blob_delete BEFORE DELETE ON blob
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
