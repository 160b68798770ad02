ALTER TABLE hosts ADD COLUMN wants_rfc9421 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actors ADD COLUMN remote_statuses INTEGER;
ALTER TABLE actors ADD COLUMN remote_followers INTEGER;
ALTER TABLE actors ADD COLUMN remote_following INTEGER;
ALTER TABLE actors ADD COLUMN proxy_of TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actor_keys ADD COLUMN retired_at INTEGER;
ALTER TABLE statuses ADD COLUMN quote_uri TEXT;
ALTER TABLE statuses ADD COLUMN quote_id INTEGER REFERENCES statuses (id) ON DELETE SET NULL;
ALTER TABLE statuses ADD COLUMN quote_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statuses ADD COLUMN quote_approval TEXT;
ALTER TABLE statuses ADD COLUMN reply_approval TEXT;
ALTER TABLE statuses ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE statuses ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE statuses ADD COLUMN group_id INTEGER REFERENCES actors (id) ON DELETE SET NULL;
ALTER TABLE statuses ADD COLUMN reply_state INTEGER;
ALTER TABLE outgoing ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
DROP INDEX deliveries_host;
CREATE INDEX deliveries_host ON deliveries (host, (lane = 2), id);
CREATE INDEX deliveries_faulty ON deliveries (host, id) WHERE faults >= 3;
ALTER TABLE poll_options ADD COLUMN name TEXT;
ALTER TABLE jobs ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX jobs_lane ON jobs (lane, due);
CREATE INDEX jobs_host ON jobs (host, lane) WHERE lane > 0;
CREATE INDEX actors_inbox ON actors (inbox);
CREATE INDEX actors_shared_inbox ON actors (shared_inbox) WHERE shared_inbox IS NOT NULL;
CREATE TABLE reactions (
  id          INTEGER PRIMARY KEY,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  emoji       TEXT NOT NULL,
  url         TEXT,
  uri         TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (status_id, actor_id, emoji)
) STRICT;
CREATE TABLE approvals (
  id            INTEGER PRIMARY KEY,
  kind          INTEGER NOT NULL,
  status_id     INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  actor_id      INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  interaction   TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  revoked_at    INTEGER,
  UNIQUE (kind, status_id, interaction)
) STRICT;
CREATE TABLE delivery_report (
  status_id  INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  host       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  error      TEXT,
  PRIMARY KEY (status_id, host)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_policies (
  host          TEXT PRIMARY KEY,
  severity      INTEGER NOT NULL,
  reject_media  INTEGER NOT NULL DEFAULT 0,
  comment       TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE relays (
  id          INTEGER PRIMARY KEY,
  inbox       TEXT NOT NULL UNIQUE,
  actor_id    INTEGER REFERENCES actors (id) ON DELETE SET NULL,
  follow_uri  TEXT NOT NULL UNIQUE,
  followed    TEXT NOT NULL,
  accepted    INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL
) STRICT;
CREATE TABLE reports (
  id          INTEGER PRIMARY KEY,
  uri         TEXT,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  target_id   INTEGER REFERENCES actors (id) ON DELETE CASCADE,
  objects     TEXT NOT NULL DEFAULT '[]',
  comment     TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  closed_at   INTEGER
) STRICT;
CREATE TABLE fetch_reports (
  subject     TEXT PRIMARY KEY,
  asked_at    INTEGER NOT NULL,
  done_at     INTEGER,
  found       INTEGER NOT NULL DEFAULT 0,
  missing     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX statuses_group ON statuses (group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX statuses_quote ON statuses (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX statuses_quote_uri ON statuses (quote_uri) WHERE quote_uri IS NOT NULL AND quote_id IS NULL;
CREATE INDEX reactions_uri ON reactions (uri) WHERE uri IS NOT NULL;
CREATE UNIQUE INDEX reports_uri ON reports (uri) WHERE uri IS NOT NULL;
CREATE INDEX statuses_quote_approval ON statuses (quote_approval) WHERE quote_approval IS NOT NULL;
CREATE INDEX statuses_reply_actor ON statuses (in_reply_to_actor_id) WHERE in_reply_to_actor_id IS NOT NULL;
CREATE INDEX poll_votes_actor ON poll_votes (actor_id);
CREATE INDEX reactions_actor ON reactions (actor_id);
CREATE INDEX approvals_status ON approvals (status_id);
CREATE INDEX approvals_actor ON approvals (actor_id);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX inbox_queue_signer ON inbox_queue (signer_id);
CREATE INDEX outgoing_actor ON outgoing (actor_id);
