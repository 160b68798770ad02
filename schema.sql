-- The present schema. `src/store/database/migrations.rs` upgrades older files to it; a test proves that both give the same
-- schema.
--
-- Times are milliseconds since 1970. Ids are 64-bit and ordered by time (`src/protocol/ids.rs`). URIs are ActivityPub ids,
-- stored byte-exact. NULL means that there is no value, or that it is not known; '' is a text without characters.
-- Columns that were added by an upgrade are last.

-- Settings of this server: domain, owner, password hash, defaults of new posts.
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Peers.
CREATE TABLE hosts (
  host             TEXT PRIMARY KEY,
  first_seen       INTEGER NOT NULL,
  last_heard       INTEGER,            -- the last authenticated request from it
  last_delivered   INTEGER,            -- the last successful delivery to it
  failures         INTEGER NOT NULL DEFAULT 0,  -- consecutive failed deliveries
  failing_since    INTEGER,
  retry_at         INTEGER,            -- no delivery before this time (backoff)
  knows_key        INTEGER,            -- it knows keys of the owner that were made until then; NULL: until first_seen
  knows_server_key INTEGER,            -- the same for keys of the instance actor
  software         TEXT,               -- the software name in its NodeInfo
  software_at      INTEGER,            -- when NodeInfo was last requested
  speaks_rfc9421   INTEGER,            -- when it last showed that it supports RFC 9421
  wants_rfc9421    INTEGER             -- when it last accepted RFC 9421 after it refused the older scheme
) STRICT, WITHOUT ROWID;

-- Actors: the owner, the instance actor, and remote ones.
CREATE TABLE actors (
  id               INTEGER PRIMARY KEY,
  uri              TEXT NOT NULL UNIQUE,
  local            INTEGER NOT NULL DEFAULT 0,
  kind             INTEGER NOT NULL,   -- 0 Person, 1 Service, 2 Group, 3 Organization, 4 Application
  username         TEXT NOT NULL,
  domain           TEXT NOT NULL,      -- the domain of its handle; '' for local actors
  host             TEXT NOT NULL,      -- the host of its id; '' for local actors
  url              TEXT,
  display_name     TEXT NOT NULL DEFAULT '',
  note             TEXT NOT NULL DEFAULT '',   -- cleaned HTML
  note_source      TEXT NOT NULL DEFAULT '',   -- as the owner wrote it
  fields           TEXT NOT NULL DEFAULT '[]', -- JSON: [{name, value}]
  emoji            TEXT NOT NULL DEFAULT '[]', -- JSON: [{shortcode, url}]
  avatar           TEXT,               -- local: a file in the media directory; remote: a URL
  avatar_alt       TEXT NOT NULL DEFAULT '',
  header           TEXT,
  header_alt       TEXT NOT NULL DEFAULT '',
  inbox            TEXT NOT NULL DEFAULT '',
  shared_inbox     TEXT,
  outbox           TEXT,
  followers_uri    TEXT,
  following_uri    TEXT,
  featured_uri     TEXT,
  locked           INTEGER NOT NULL DEFAULT 0,
  discoverable     INTEGER NOT NULL DEFAULT 0,
  indexable        INTEGER NOT NULL DEFAULT 0,
  memorial         INTEGER NOT NULL DEFAULT 0,
  suspended        INTEGER NOT NULL DEFAULT 0,
  moved_to         TEXT,
  also_known_as    TEXT NOT NULL DEFAULT '[]', -- JSON: [uri]
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  fetched_at       INTEGER NOT NULL DEFAULT 0,
  gone_at          INTEGER,
  statuses_count   INTEGER NOT NULL DEFAULT 0,
  followers_count  INTEGER NOT NULL DEFAULT 0,
  following_count  INTEGER NOT NULL DEFAULT 0,
  last_status_at   INTEGER,
  remote_statuses  INTEGER,            -- counts by its own server
  remote_followers INTEGER,
  remote_following INTEGER,
  limited          INTEGER NOT NULL DEFAULT 0, -- by the domain policy: 0 no, 1 silenced, 2 suspended
  moved_at         INTEGER,            -- when a Move of it last changed a follow of the owner; local: when it last moved
  proxy_of         TEXT,               -- JSON: [address, protocol] of the account that it bridges (FEP-fffd)
  attribution_domains TEXT NOT NULL DEFAULT '[]', -- JSON: the domains whose pages may name it as their author
  show_media       INTEGER NOT NULL DEFAULT 1 CHECK (show_media IN (0, 1)), -- the optional tabs of its profile
  show_media_replies INTEGER NOT NULL DEFAULT 1 CHECK (show_media_replies IN (0, 1)),
  show_featured    INTEGER NOT NULL DEFAULT 1 CHECK (show_featured IN (0, 1)),
  search_name      TEXT NOT NULL DEFAULT '',   -- handle and display name as the search compares them
  CONSTRAINT actors_values CHECK (local IN (0, 1) AND kind BETWEEN 0 AND 4 AND locked IN (0, 1) AND discoverable IN (0, 1)
    AND indexable IN (0, 1) AND memorial IN (0, 1) AND suspended IN (0, 1) AND limited BETWEEN 0 AND 2)
) STRICT;
-- Not unique: a Person and a Group of one server may share a name (Lemmy, PeerTube).
CREATE INDEX actors_handle ON actors (username COLLATE NOCASE, domain);
CREATE INDEX actors_host ON actors (host);
CREATE INDEX actors_url ON actors (url) WHERE local = 0 AND url IS NOT NULL AND url <> uri;
CREATE INDEX actors_local ON actors (id) WHERE local = 1;
-- What the search for accounts reads.
CREATE INDEX actors_names ON actors (search_name, limited, gone_at, suspended, kind)
  WHERE gone_at IS NULL AND suspended = 0 AND kind <> 4;
-- The directory in the order of activity.
CREATE INDEX actors_directory ON actors (ifnull(last_status_at, 0) DESC, id)
  WHERE discoverable = 1 AND suspended = 0 AND limited = 0 AND gone_at IS NULL AND moved_to IS NULL AND kind <> 4;
CREATE INDEX actors_inbox ON actors (inbox);
CREATE INDEX actors_shared_inbox ON actors (shared_inbox) WHERE shared_inbox IS NOT NULL;

-- Public keys of remote actors, and key pairs of local ones.
CREATE TABLE actor_keys (
  key_id       TEXT PRIMARY KEY,
  actor_id     INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  kind         INTEGER NOT NULL,       -- 0 PEM, 1 multibase
  public_key   TEXT NOT NULL,
  private_key  TEXT,                   -- local: PEM (RSA) or base64 seed (Ed25519)
  fetched_at   INTEGER NOT NULL,
  retired_at   INTEGER,                -- local: no longer signs, but is published for some more time
  CONSTRAINT actor_keys_values CHECK (kind IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_keys_actor ON actor_keys (actor_id);

-- Statuses and boosts. A boost is a row with boost_of_id and no content.
CREATE TABLE statuses (
  id                INTEGER PRIMARY KEY,
  uri               TEXT NOT NULL UNIQUE,
  url               TEXT,
  local             INTEGER NOT NULL DEFAULT 0,
  actor_id          INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  boost_of_id       INTEGER REFERENCES statuses (id) ON DELETE CASCADE,
  in_reply_to_uri   TEXT,
  in_reply_to_id    INTEGER REFERENCES statuses (id) ON DELETE SET NULL,
  in_reply_to_actor_id INTEGER REFERENCES actors (id) ON DELETE SET NULL,
  thread_id         INTEGER NOT NULL,  -- the first stored status of the thread
  conversation      TEXT,
  kind              TEXT NOT NULL DEFAULT 'Note',
  visibility        INTEGER NOT NULL,  -- 0 public, 1 unlisted, 2 private, 3 direct
  content           TEXT NOT NULL DEFAULT '',  -- cleaned HTML
  source            TEXT,              -- the text as the owner wrote it
  source_type       TEXT,              -- text/plain or text/markdown
  title             TEXT,
  summary           TEXT NOT NULL DEFAULT '',  -- the content warning
  sensitive         INTEGER NOT NULL DEFAULT 0,
  language          TEXT,
  emoji             TEXT NOT NULL DEFAULT '[]', -- JSON: [{shortcode, url}]
  app_id            INTEGER REFERENCES apps (id) ON DELETE SET NULL,
  created_at        INTEGER NOT NULL,
  edited_at         INTEGER,
  pinned_at         INTEGER,
  replies_uri       TEXT,
  replies_count     INTEGER NOT NULL DEFAULT 0,
  boosts_count      INTEGER NOT NULL DEFAULT 0,
  favourites_count  INTEGER NOT NULL DEFAULT 0,
  quote_uri         TEXT,
  quote_id          INTEGER REFERENCES statuses (id) ON DELETE SET NULL,
  quote_approval    TEXT,              -- the id of the approval by the quoted author
  reply_approval    TEXT,              -- the id of the approval by the author that it replies to
  group_id          INTEGER REFERENCES actors (id) ON DELETE SET NULL,  -- the community that it was posted in
  reply_state       INTEGER,           -- of a local reply that needs approval, as quote_state
  parent_gone       INTEGER NOT NULL DEFAULT 0 CHECK (parent_gone IN (0, 1)), -- the status that it replies to was deleted or does not exist
  group_pinned_at   INTEGER,           -- when its community pinned it
  state_at          INTEGER,           -- remote: the `updated` of the newest accepted state
  awaited           INTEGER NOT NULL DEFAULT 0 CHECK (awaited IN (0, 1)), -- 1: it was fetched, and its author has not sent its Create yet
  quote_state       INTEGER CHECK (quote_state BETWEEN 1 AND 4),  -- 1 pending, 2 accepted, 3 rejected, 4 revoked
  policy            TEXT,              -- JSON: its interaction policy
  details           TEXT,              -- JSON: dates, durations and similar properties of kinds that have them
  stored_at         INTEGER NOT NULL DEFAULT 0, -- when it was stored here, in milliseconds
  has_media         INTEGER NOT NULL DEFAULT 0 CHECK (has_media IN (0, 1)), -- 1: `media` has rows of it
  CONSTRAINT statuses_values CHECK (local IN (0, 1) AND visibility BETWEEN 0 AND 3 AND sensitive IN (0, 1)
    AND (reply_state IS NULL OR reply_state BETWEEN 1 AND 4))
) STRICT;
CREATE INDEX statuses_quote ON statuses (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX statuses_quote_uri ON statuses (quote_uri) WHERE quote_uri IS NOT NULL AND quote_id IS NULL;
CREATE INDEX statuses_quote_approval ON statuses (quote_approval) WHERE quote_approval IS NOT NULL;
CREATE INDEX statuses_reply_approval ON statuses (reply_approval) WHERE reply_approval IS NOT NULL;
CREATE INDEX statuses_reply_actor ON statuses (in_reply_to_actor_id) WHERE in_reply_to_actor_id IS NOT NULL;
CREATE INDEX statuses_group ON statuses (group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX statuses_actor ON statuses (actor_id, id);
CREATE INDEX statuses_reply ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_reply_uri ON statuses (in_reply_to_uri) WHERE in_reply_to_uri IS NOT NULL AND in_reply_to_id IS NULL;
CREATE INDEX statuses_thread ON statuses (thread_id);
CREATE UNIQUE INDEX statuses_boost ON statuses (boost_of_id, actor_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_boosts ON statuses (boost_of_id, id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_pinned ON statuses (actor_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX statuses_group_pinned ON statuses (group_id, group_pinned_at) WHERE group_pinned_at IS NOT NULL;
CREATE INDEX statuses_local ON statuses (id) WHERE local = 1;
-- Counts the owner's posts.
CREATE INDEX statuses_own ON statuses (visibility) WHERE local = 1 AND boost_of_id IS NULL;
-- Finds posts by the URL of their page.
CREATE INDEX statuses_url ON statuses (url) WHERE local = 0 AND url IS NOT NULL AND url <> uri;
CREATE INDEX statuses_public ON statuses (id) WHERE visibility = 0 AND boost_of_id IS NULL;
CREATE INDEX statuses_app ON statuses (app_id) WHERE app_id IS NOT NULL;
CREATE INDEX statuses_direct ON statuses (thread_id, id) WHERE visibility = 3;
CREATE INDEX statuses_direct_newest ON statuses (id) WHERE visibility = 3 AND boost_of_id IS NULL;
CREATE INDEX statuses_media ON statuses (actor_id, id) WHERE has_media = 1;
-- Counts what the owner's outbox shows.
CREATE INDEX statuses_outbox ON statuses (visibility) WHERE local = 1;
-- The sitemap reads nothing else of the posts. The columns of the condition are in it, because SQLite reads them too.
CREATE INDEX statuses_listed ON statuses (id, edited_at, created_at, local, visibility, boost_of_id)
  WHERE local = 1 AND boost_of_id IS NULL AND visibility = 0;

-- Former states of edited statuses. The present state is in `statuses`.
CREATE TABLE status_edits (
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL,        -- when this state was written
  content     TEXT NOT NULL,
  summary     TEXT NOT NULL,
  sensitive   INTEGER NOT NULL,
  media       TEXT NOT NULL DEFAULT '[]', -- JSON: media ids
  emoji       TEXT NOT NULL DEFAULT '[]', -- JSON, as in statuses
  descriptions TEXT NOT NULL DEFAULT '[]', -- JSON: the description of each attachment at that time
  poll        TEXT,                    -- JSON: the options of its poll
  PRIMARY KEY (status_id, created_at),
  CONSTRAINT status_edits_values CHECK (sensitive IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Deleted objects. Local ones respond with 410; a late Create of a remote one is refused.
CREATE TABLE tombstones (
  uri         TEXT PRIMARY KEY,
  kind        TEXT NOT NULL DEFAULT 'Note',
  local       INTEGER NOT NULL,
  deleted_at  INTEGER NOT NULL,
  closed      INTEGER NOT NULL DEFAULT 0,  -- 1: local, and was not public or unlisted
  CONSTRAINT tombstones_values CHECK (local IN (0, 1) AND closed IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Mentioned actors.
CREATE TABLE mentions (
  status_id  INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  actor_id   INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  silent     INTEGER NOT NULL DEFAULT 0, -- 1: addressed, but not named in the text
  PRIMARY KEY (status_id, actor_id),
  CONSTRAINT mentions_values CHECK (silent IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_actor ON mentions (actor_id, status_id);

-- Hashtags.
CREATE TABLE status_tags (
  tag        TEXT NOT NULL,            -- lower-case, without #
  status_id  INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  actor_id   INTEGER NOT NULL DEFAULT 0, -- the author of the status
  PRIMARY KEY (tag, status_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_tags_actor ON status_tags (actor_id, tag);
CREATE INDEX status_tags_status ON status_tags (status_id);

-- Attachments and uploads.
CREATE TABLE media (
  id           INTEGER PRIMARY KEY,
  status_id    INTEGER REFERENCES statuses (id) ON DELETE CASCADE,
  token_id     INTEGER,                -- the token that uploaded it
  position     INTEGER NOT NULL DEFAULT 0,
  kind         INTEGER NOT NULL,       -- 0 image, 1 gifv, 2 video, 3 audio, 4 unknown
  media_type   TEXT,
  file         TEXT,                   -- local: a file in the media directory
  preview      TEXT,
  remote_url   TEXT,                   -- remote
  description  TEXT,
  blurhash     TEXT,
  width        INTEGER,
  height       INTEGER,
  preview_width  INTEGER,
  preview_height INTEGER,
  focus_x      REAL,
  focus_y      REAL,
  created_at   INTEGER NOT NULL,
  remove_at    INTEGER,                -- local: no longer served, and removed from the disk at this time
  seconds      REAL,                   -- local: duration of video and audio
  frame_rate   REAL,
  CONSTRAINT media_values CHECK (kind BETWEEN 0 AND 4)
) STRICT;
CREATE INDEX media_file ON media (file) WHERE file IS NOT NULL;
CREATE INDEX media_preview ON media (preview) WHERE preview IS NOT NULL;
CREATE INDEX media_remove ON media (remove_at) WHERE remove_at IS NOT NULL;
CREATE INDEX media_status ON media (status_id, position);
CREATE INDEX media_token ON media (token_id) WHERE token_id IS NOT NULL;
-- `statuses.has_media` follows these rows, by triggers.
CREATE TRIGGER media_joins AFTER INSERT ON media WHEN new.status_id IS NOT NULL BEGIN
  UPDATE statuses SET has_media = 1 WHERE id = new.status_id;
END;
CREATE TRIGGER media_moves AFTER UPDATE OF status_id ON media BEGIN
  UPDATE statuses SET has_media = EXISTS (SELECT 1 FROM media WHERE status_id = statuses.id) WHERE id IN (old.status_id, new.status_id);
END;
CREATE TRIGGER media_leaves AFTER DELETE ON media WHEN old.status_id IS NOT NULL BEGIN
  UPDATE statuses SET has_media = EXISTS (SELECT 1 FROM media WHERE status_id = statuses.id) WHERE id = old.status_id;
END;

-- Polls of statuses.
CREATE TABLE polls (
  status_id    INTEGER PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  multiple     INTEGER NOT NULL,
  ends_at      INTEGER,
  closed       INTEGER NOT NULL DEFAULT 0,
  voters       INTEGER,
  hide_totals  INTEGER NOT NULL DEFAULT 0 CHECK (hide_totals IN (0, 1)), -- local: the counts are hidden until it ends
  CONSTRAINT polls_values CHECK (multiple IN (0, 1) AND closed IN (0, 1))
) STRICT;

CREATE TABLE poll_options (
  status_id  INTEGER NOT NULL REFERENCES polls (status_id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  title      TEXT NOT NULL,
  votes      INTEGER NOT NULL DEFAULT 0,
  name       TEXT,                     -- the name in votes, if it differs from the title
  PRIMARY KEY (status_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll_votes (
  status_id  INTEGER NOT NULL REFERENCES polls (status_id) ON DELETE CASCADE,
  actor_id   INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  uri        TEXT,
  PRIMARY KEY (status_id, actor_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_votes_actor ON poll_votes (actor_id);

-- Follows, accepted or pending.
CREATE TABLE follows (
  id           INTEGER PRIMARY KEY,
  uri          TEXT NOT NULL,
  follower_id  INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  target_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  accepted     INTEGER NOT NULL DEFAULT 0,
  show_boosts  INTEGER NOT NULL DEFAULT 1,
  notify       INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL,
  failure      TEXT,                   -- why a follow by the owner has no effect: rejected, or a ban
  languages    TEXT,                   -- JSON: only posts in these are wanted
  UNIQUE (follower_id, target_id),
  CONSTRAINT follows_values CHECK (accepted IN (0, 1) AND show_boosts IN (0, 1) AND notify IN (0, 1))
) STRICT;
CREATE INDEX follows_target ON follows (target_id, accepted, id);
CREATE INDEX follows_follower ON follows (follower_id, accepted, id);
CREATE INDEX follows_uri ON follows (uri);

CREATE TABLE blocks (
  id          INTEGER PRIMARY KEY,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  target_id   INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  uri         TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (actor_id, target_id)
) STRICT;
CREATE INDEX blocks_actor ON blocks (actor_id, id);
CREATE INDEX blocks_target ON blocks (target_id);

CREATE TABLE favourites (
  id          INTEGER PRIMARY KEY,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  uri         TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (status_id, actor_id)
) STRICT;
CREATE INDEX favourites_status ON favourites (status_id, id);
CREATE INDEX favourites_actor ON favourites (actor_id, id);
CREATE INDEX favourites_uri ON favourites (uri) WHERE uri IS NOT NULL;

-- Emoji reactions. A favourite is not one.
CREATE TABLE reactions (
  id          INTEGER PRIMARY KEY,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  emoji       TEXT NOT NULL,           -- the emoji, or :name: of a custom emoji
  url         TEXT,                    -- the image of a custom emoji
  uri         TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (status_id, actor_id, emoji)
) STRICT;
CREATE INDEX reactions_uri ON reactions (uri) WHERE uri IS NOT NULL;
CREATE INDEX reactions_actor ON reactions (actor_id);
-- Finds the reactions with an emoji that the owner changes.
CREATE INDEX reactions_url ON reactions (url) WHERE url IS NOT NULL;

-- Approvals by the owner: of quotes (FEP-044f) and of interactions (GoToSocial).
CREATE TABLE approvals (
  id            INTEGER PRIMARY KEY,
  kind          INTEGER NOT NULL,      -- 0 like, 1 reply, 2 announce, 3 quote
  status_id     INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  actor_id      INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  interaction   TEXT NOT NULL,         -- the id of the quote, reply, Like or Announce
  created_at    INTEGER NOT NULL,
  revoked_at    INTEGER,
  UNIQUE (kind, status_id, interaction),
  CONSTRAINT approvals_values CHECK (kind BETWEEN 0 AND 3)
) STRICT;
CREATE INDEX approvals_status ON approvals (status_id);
CREATE INDEX approvals_actor ON approvals (actor_id);

CREATE TABLE bookmarks (
  id          INTEGER PRIMARY KEY,
  status_id   INTEGER NOT NULL UNIQUE REFERENCES statuses (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL
) STRICT;

-- Threads without notifications.
CREATE TABLE muted_threads (
  thread_id   INTEGER PRIMARY KEY,
  created_at  INTEGER NOT NULL
) STRICT;

-- The read position of conversations (threads with direct posts), and the conversations that were deleted from the list.
CREATE TABLE conversations (
  thread_id   INTEGER PRIMARY KEY,     -- as in statuses
  read_id     INTEGER NOT NULL,        -- the last read post
  hidden_id   INTEGER,                 -- listed only if it has a later post than this
  unread      INTEGER NOT NULL DEFAULT 0 CHECK (unread IN (0, 1))  -- the owner has marked it as unread
) STRICT;

-- Statuses of timelines: 0 is home, others are lists.
CREATE TABLE timelines (
  timeline   INTEGER NOT NULL,
  status_id  INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  PRIMARY KEY (timeline, status_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX timelines_status ON timelines (status_id);

-- Notifications of the owner.
CREATE TABLE notifications (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- from 10^9: some apps have 32 bits for it, and compare ids as strings
  kind        INTEGER NOT NULL,        -- 0 mention, 1 boost, 2 favourite, 3 follow, 4 follow request, 5 poll, 6 update, 7 status,
                                       -- 8 reaction, 9 quote, 10 report, 11 quoted update, 12 severed relationships
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  status_id   INTEGER REFERENCES statuses (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL,
  report_id   INTEGER REFERENCES reports (id) ON DELETE CASCADE,  -- of kind 10
  severance_id INTEGER REFERENCES severances (id) ON DELETE CASCADE,  -- of kind 12
  group_key   TEXT,                    -- those with the same key are shown as one
  filtered    INTEGER NOT NULL DEFAULT 0 CHECK (filtered IN (0, 1)), -- 1: by the notification policy, and not accepted yet
  CONSTRAINT notifications_values CHECK (kind BETWEEN 0 AND 12)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) VALUES ('notifications', 999999999);
CREATE UNIQUE INDEX notifications_once ON notifications
  (kind, actor_id, ifnull(status_id, 0), ifnull(report_id, 0), ifnull(severance_id, 0));
CREATE INDEX notifications_severance ON notifications (severance_id) WHERE severance_id IS NOT NULL;
CREATE INDEX notifications_group ON notifications (group_key, id) WHERE group_key IS NOT NULL;
CREATE INDEX notifications_filtered ON notifications (actor_id, id) WHERE filtered = 1;
CREATE INDEX notifications_report ON notifications (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX notifications_status ON notifications (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_actor ON notifications (actor_id);

-- Read markers of the client API.
CREATE TABLE markers (
  timeline      TEXT PRIMARY KEY,      -- home, notifications
  last_read_id  INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- OAuth apps.
CREATE TABLE apps (
  id             INTEGER PRIMARY KEY,
  client_id      TEXT NOT NULL UNIQUE,
  client_secret  TEXT NOT NULL,        -- SHA-256, hex
  name           TEXT NOT NULL,
  website        TEXT,
  redirect_uris  TEXT NOT NULL,        -- one per line, byte-exact
  scopes         TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  address        TEXT,                 -- the client address that registered it; a /64 of IPv6
  used_at        INTEGER               -- when the owner last opened its authorization page or authorized it
) STRICT;
CREATE INDEX apps_unused ON apps (address, created_at) WHERE used_at IS NULL;

-- OAuth authorization codes.
CREATE TABLE auth_codes (
  code            TEXT PRIMARY KEY,    -- SHA-256, hex
  app_id          INTEGER NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  redirect_uri    TEXT NOT NULL,
  scopes          TEXT NOT NULL,
  code_challenge  TEXT,
  created_at      INTEGER NOT NULL,
  used_at         INTEGER,
  token_id        INTEGER              -- the token that it was exchanged for; a second use of the code revokes it
) STRICT, WITHOUT ROWID;
CREATE INDEX auth_codes_app ON auth_codes (app_id);
CREATE INDEX auth_codes_token ON auth_codes (token_id) WHERE token_id IS NOT NULL;
CREATE INDEX auth_codes_age ON auth_codes (created_at);

-- OAuth access tokens.
CREATE TABLE tokens (
  id          INTEGER PRIMARY KEY,
  token       TEXT NOT NULL UNIQUE,    -- SHA-256, hex
  app_id      INTEGER REFERENCES apps (id) ON DELETE CASCADE,
  owner       INTEGER NOT NULL,        -- 1: acts for the owner; 0: for the app alone
  scopes      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  used_at     INTEGER,
  CONSTRAINT tokens_values CHECK (owner IN (0, 1))
) STRICT;
CREATE INDEX tokens_app ON tokens (app_id, owner);

-- Browsers in which the owner is signed in.
CREATE TABLE sessions (
  id          INTEGER PRIMARY KEY,
  cookie      TEXT NOT NULL UNIQUE,    -- SHA-256, hex
  csrf        TEXT NOT NULL,
  user_agent  TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  used_at     INTEGER NOT NULL
) STRICT;

-- Idempotency keys of posted statuses.
CREATE TABLE idempotency_keys (
  key         TEXT NOT NULL,           -- SHA-256, hex
  token_id    INTEGER NOT NULL,
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL,
  request     TEXT,                    -- SHA-256 of the posted form, hex
  PRIMARY KEY (key, token_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_token ON idempotency_keys (token_id);
CREATE INDEX idempotency_keys_status ON idempotency_keys (status_id);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Authenticated activities that are not applied yet.
CREATE TABLE inbox_queue (
  id           INTEGER PRIMARY KEY,
  host         TEXT NOT NULL,
  signer_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  body         BLOB NOT NULL,
  received_at  INTEGER NOT NULL,
  attempts     INTEGER NOT NULL DEFAULT 0,
  due          INTEGER NOT NULL,
  parked       INTEGER NOT NULL DEFAULT 0,
  error        TEXT,
  CONSTRAINT inbox_queue_values CHECK (parked IN (0, 1))
) STRICT;
CREATE INDEX inbox_queue_due ON inbox_queue (parked, due, id);
CREATE INDEX inbox_queue_host ON inbox_queue (host);
CREATE INDEX inbox_queue_signer ON inbox_queue (signer_id);

-- Activities that were accepted: each is applied once.
CREATE TABLE seen_activities (
  key      TEXT PRIMARY KEY,           -- SHA-256 of what identifies it, hex
  seen_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_activities_age ON seen_activities (seen_at);

-- Outgoing activities, serialised once, until all their deliveries are done.
CREATE TABLE outgoing (
  id          INTEGER PRIMARY KEY,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  uri         TEXT NOT NULL,
  kind        TEXT NOT NULL,           -- its type, such as `Create`
  status_id   INTEGER,                 -- the status that it is about, for delivery results
  body        BLOB NOT NULL,
  fan_out     INTEGER NOT NULL,        -- 1: the deliveries to followers are not written yet
  created_at  INTEGER NOT NULL,
  private     INTEGER NOT NULL DEFAULT 0, -- 1: for followers only, with a digest of the followers on each server (FEP-8fcf)
  CONSTRAINT outgoing_values CHECK (fan_out IN (0, 1) AND private IN (0, 1))
) STRICT;
CREATE INDEX outgoing_actor ON outgoing (actor_id);
CREATE INDEX outgoing_fan_out ON outgoing (id) WHERE fan_out = 1;
CREATE INDEX outgoing_status ON outgoing (status_id) WHERE status_id IS NOT NULL;

-- Deliveries of outgoing activities to inboxes.
CREATE TABLE deliveries (
  id           INTEGER PRIMARY KEY,    -- ascending: the order at each host
  outgoing_id  INTEGER NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
  inbox        TEXT NOT NULL,
  host         TEXT NOT NULL,
  lane         INTEGER NOT NULL,       -- 0 owner, 1 bulk, 2 forwarded
  attempts     INTEGER NOT NULL DEFAULT 0,
  due          INTEGER NOT NULL,
  error        TEXT,
  refusals     INTEGER NOT NULL DEFAULT 0,  -- responses with status 401
  faults       INTEGER NOT NULL DEFAULT 0,  -- responses with status 5xx, and timeouts
  UNIQUE (outgoing_id, inbox),
  CONSTRAINT deliveries_values CHECK (lane BETWEEN 0 AND 2)
) STRICT;
CREATE INDEX deliveries_host ON deliveries (host, (lane = 2), id);
CREATE INDEX deliveries_due ON deliveries (due);
CREATE INDEX deliveries_faulty ON deliveries (host, id) WHERE faults >= 3;

-- Delivery results of a post: one row per host.
CREATE TABLE delivery_report (
  status_id  INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  host       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  error      TEXT,                     -- why it failed; NULL if it arrived
  PRIMARY KEY (status_id, host)
) STRICT, WITHOUT ROWID;

-- Domain policies.
CREATE TABLE host_policies (
  host          TEXT PRIMARY KEY,
  severity      INTEGER NOT NULL,      -- 0 allow, 1 silence, 2 suspend
  reject_media  INTEGER NOT NULL DEFAULT 0,
  comment       TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  CONSTRAINT host_policies_values CHECK (severity BETWEEN 0 AND 2 AND reject_media IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Relays that the server subscribes to.
CREATE TABLE relays (
  id          INTEGER PRIMARY KEY,
  inbox       TEXT NOT NULL UNIQUE,
  actor_id    INTEGER REFERENCES actors (id) ON DELETE SET NULL,  -- NULL until it has sent something, unless it was added by its actor
  follow_uri  TEXT NOT NULL UNIQUE,
  followed    TEXT NOT NULL,           -- the object of the Follow: its actor, or the public collection
  accepted    INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  CONSTRAINT relays_values CHECK (accepted IN (0, 1))
) STRICT;
CREATE INDEX relays_actor ON relays (actor_id) WHERE actor_id IS NOT NULL;

-- Reports about the owner, and by the owner.
CREATE TABLE reports (
  id          INTEGER PRIMARY KEY,
  uri         TEXT,
  actor_id    INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,  -- the reporter
  target_id   INTEGER REFERENCES actors (id) ON DELETE CASCADE,           -- the reported actor
  objects     TEXT NOT NULL DEFAULT '[]', -- JSON: ids of posts
  comment     TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  closed_at   INTEGER,
  category    TEXT NOT NULL DEFAULT 'other', -- spam, legal, violation, other
  rules       TEXT NOT NULL DEFAULT '[]' -- JSON: ids of the rules of this server that were broken
) STRICT;
CREATE UNIQUE INDEX reports_uri ON reports (uri) WHERE uri IS NOT NULL;
CREATE INDEX reports_actor ON reports (actor_id);
CREATE INDEX reports_target ON reports (target_id) WHERE target_id IS NOT NULL;

-- Results of backfills of threads and profiles.
CREATE TABLE fetch_reports (
  subject     TEXT PRIMARY KEY,        -- `thread ID` or `actor ID`
  asked_at    INTEGER NOT NULL,
  done_at     INTEGER,
  found       INTEGER NOT NULL DEFAULT 0,
  missing     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Background jobs, such as backfills and fetches.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  subject     TEXT NOT NULL,           -- an id, a URI, or both
  attempts    INTEGER NOT NULL DEFAULT 0,
  due         INTEGER NOT NULL,
  error       TEXT,
  lane        INTEGER NOT NULL DEFAULT 0,  -- who caused it: 0 the owner, 1 a followed actor, 2 an unknown actor
  host        TEXT,                        -- the host of its subject, as limits count it
  UNIQUE (kind, subject),
  CONSTRAINT jobs_values CHECK (lane BETWEEN 0 AND 2)
) STRICT;
CREATE INDEX jobs_due ON jobs (due);
CREATE INDEX jobs_lane ON jobs (lane, due);
CREATE INDEX jobs_host ON jobs (host, lane) WHERE lane > 0;

-- The owner's lists of followed accounts.
CREATE TABLE lists (
  id              INTEGER PRIMARY KEY,   -- also the number of its timeline
  title           TEXT NOT NULL,
  replies_policy  INTEGER NOT NULL,      -- replies to whom it shows: 0 no one else, 1 its members, 2 followed accounts
  exclusive       INTEGER NOT NULL CHECK (exclusive IN (0, 1)), -- 1: posts of its members are not in the home timeline
  CONSTRAINT lists_values CHECK (replies_policy BETWEEN 0 AND 2)
) STRICT;

CREATE TABLE list_accounts (
  id         INTEGER PRIMARY KEY,
  list_id    INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  actor_id   INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  follow_id  INTEGER REFERENCES follows (id) ON DELETE CASCADE,  -- the membership ends with it; NULL for the owner
  UNIQUE (list_id, actor_id)
) STRICT;
CREATE INDEX list_accounts_actor ON list_accounts (actor_id);
CREATE INDEX list_accounts_follow ON list_accounts (follow_id) WHERE follow_id IS NOT NULL;

-- Accounts that the owner has muted.
CREATE TABLE mutes (
  id             INTEGER PRIMARY KEY,
  target_id      INTEGER NOT NULL UNIQUE REFERENCES actors (id) ON DELETE CASCADE,
  notifications  INTEGER NOT NULL CHECK (notifications IN (0, 1)), -- 1: they cause no notifications either
  expires_at     INTEGER,
  created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX mutes_expiry ON mutes (expires_at) WHERE expires_at IS NOT NULL;

-- The owner's private notes about accounts.
CREATE TABLE account_notes (
  actor_id  INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
  comment   TEXT NOT NULL
) STRICT;

-- Accounts that the owner features on the profile.
CREATE TABLE endorsements (
  id        INTEGER PRIMARY KEY,
  actor_id  INTEGER NOT NULL UNIQUE REFERENCES actors (id) ON DELETE CASCADE,
  follow_id INTEGER NOT NULL REFERENCES follows (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX endorsements_follow ON endorsements (follow_id);

-- Accounts that are not suggested to the owner again.
CREATE TABLE dismissed_suggestions (
  actor_id  INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE
) STRICT;

-- Hashtags that the owner follows.
CREATE TABLE followed_tags (
  id   INTEGER PRIMARY KEY,
  tag  TEXT NOT NULL UNIQUE            -- as in status_tags
) STRICT;

-- Hashtags that the owner features on the profile.
CREATE TABLE featured_tags (
  id    INTEGER PRIMARY KEY,
  tag   TEXT NOT NULL UNIQUE,          -- as in status_tags
  name  TEXT NOT NULL                  -- as the owner wrote it
) STRICT;

-- Posts that are published later.
CREATE TABLE scheduled_statuses (
  id          INTEGER PRIMARY KEY,
  due         INTEGER NOT NULL,
  draft       TEXT NOT NULL,           -- JSON: the post
  idempotency TEXT UNIQUE,             -- SHA-256 of the token and the Idempotency-Key, hex
  request     TEXT,                    -- SHA-256 of what was requested, hex
  error       TEXT                     -- JSON: why it could not be published
) STRICT;

-- The uploads of scheduled posts.
CREATE TABLE scheduled_media (
  scheduled_id  INTEGER NOT NULL REFERENCES scheduled_statuses (id) ON DELETE CASCADE,
  media_id      INTEGER NOT NULL UNIQUE REFERENCES media (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  PRIMARY KEY (scheduled_id, position)
) STRICT, WITHOUT ROWID;

-- The search index: words of statuses, prepared by `protocol/search/words.rs`, and marks of `store/search/document.rs`.
CREATE VIRTUAL TABLE status_search USING fts5 (text, content='', contentless_delete=1, tokenize="ascii tokenchars ':#_-'");

-- Filters of the owner.
CREATE TABLE filters (
  id          INTEGER PRIMARY KEY,
  title       TEXT NOT NULL,
  contexts    INTEGER NOT NULL,        -- the sum of 1 home, 2 notifications, 4 public, 8 thread, 16 account
  action      INTEGER NOT NULL CHECK (action BETWEEN 0 AND 2),  -- 0 warn, 1 hide, 2 blur
  expires_at  INTEGER,
  CONSTRAINT filters_values CHECK (contexts BETWEEN 1 AND 31)
) STRICT;

CREATE TABLE filter_keywords (
  id          INTEGER PRIMARY KEY,
  filter_id   INTEGER NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
  keyword     TEXT NOT NULL,
  whole_word  INTEGER NOT NULL CHECK (whole_word IN (0, 1))
) STRICT;
CREATE INDEX filter_keywords_filter ON filter_keywords (filter_id);

-- Posts that filters name.
CREATE TABLE filter_statuses (
  id          INTEGER PRIMARY KEY,
  filter_id   INTEGER NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
  status_id   INTEGER NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
  UNIQUE (filter_id, status_id)
) STRICT;
CREATE INDEX filter_statuses_status ON filter_statuses (status_id);

-- Push subscriptions, one for each token of an app and for each browser in which the owner is signed in.
CREATE TABLE push_subscriptions (
  id            INTEGER PRIMARY KEY,
  token_id      INTEGER UNIQUE REFERENCES tokens (id) ON DELETE CASCADE,
  session_id    INTEGER UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
  endpoint      TEXT NOT NULL,        -- the URL at the push service
  public_key    BLOB NOT NULL,         -- of the app: a point of P-256
  auth          BLOB NOT NULL,         -- the shared secret of the app
  standard      INTEGER NOT NULL CHECK (standard IN (0, 1)),  -- 1: messages are encrypted as in RFC 8291, 0: as in the draft before
  alerts        INTEGER NOT NULL,     -- bits, see `domain/push/subscriptions.rs`
  policy        INTEGER NOT NULL,     -- 0 all, 1 followed, 2 follower, 3 none
  sealed_token  BLOB,                  -- the access token, which messages to an app contain
  created_at    INTEGER NOT NULL,
  refusals      INTEGER NOT NULL DEFAULT 0, -- messages in a row that were refused
  CHECK ((token_id IS NULL) <> (session_id IS NULL) AND (token_id IS NULL) = (sealed_token IS NULL)),
  CONSTRAINT push_subscriptions_values CHECK (policy BETWEEN 0 AND 3)
) STRICT;

-- Follows that ended because the owner suspended a server.
CREATE TABLE severances (
  id          INTEGER PRIMARY KEY,
  host        TEXT NOT NULL,
  followers   INTEGER NOT NULL,        -- how many followed the owner
  following   INTEGER NOT NULL,        -- how many the owner followed
  created_at  INTEGER NOT NULL
) STRICT;

-- Actors whose notifications the policy does not filter, because the owner accepted them.
CREATE TABLE notification_permissions (
  actor_id    INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL
) STRICT;

-- Posts that the owner has begun.
CREATE TABLE drafts (
  id          INTEGER PRIMARY KEY,
  draft       TEXT NOT NULL,           -- JSON: the post
  updated_at  INTEGER NOT NULL
) STRICT;

-- The uploads of drafts.
CREATE TABLE draft_media (
  draft_id  INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  media_id  INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
  PRIMARY KEY (draft_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_media_media ON draft_media (media_id);

-- Lists the owner's uploads, and those without a description.
CREATE INDEX media_own ON media (id) WHERE file IS NOT NULL AND remove_at IS NULL;
CREATE INDEX media_undescribed ON media (id) WHERE file IS NOT NULL AND remove_at IS NULL AND description IS NULL;

-- Link previews, one for each link; posts share them.
CREATE TABLE preview_cards (
  id            INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,  -- the link without its fragment
  requested_at  INTEGER NOT NULL,      -- when its last fetch was requested
  fetched_at    INTEGER,               -- when it was last fetched
  host          TEXT NOT NULL DEFAULT '',  -- the host of the page, after redirects
  kind          INTEGER NOT NULL DEFAULT 0,  -- 0 link, 1 photo, 2 video, 3 rich
  title         TEXT NOT NULL DEFAULT '',  -- '' if the page was not fetched or has none: nothing is shown
  description   TEXT NOT NULL DEFAULT '',
  author_name   TEXT NOT NULL DEFAULT '',
  author_url    TEXT NOT NULL DEFAULT '',
  provider_name TEXT NOT NULL DEFAULT '',
  provider_url  TEXT NOT NULL DEFAULT '',
  image         TEXT,
  image_description TEXT NOT NULL DEFAULT '',
  width         INTEGER,
  height        INTEGER,
  language      TEXT,
  published_at  INTEGER,
  creator_id    INTEGER REFERENCES actors (id) ON DELETE SET NULL, -- the account that the page names as its author
  CONSTRAINT preview_cards_values CHECK (kind BETWEEN 0 AND 3)
) STRICT;
CREATE INDEX preview_cards_requested ON preview_cards (requested_at);
CREATE INDEX preview_cards_creator ON preview_cards (creator_id) WHERE creator_id IS NOT NULL;

CREATE TABLE status_cards (
  status_id  INTEGER PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  card_id    INTEGER NOT NULL REFERENCES preview_cards (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX status_cards_card ON status_cards (card_id, status_id);

-- Custom emoji of the owner.
CREATE TABLE custom_emoji (
  id          INTEGER PRIMARY KEY,
  shortcode   TEXT NOT NULL UNIQUE,
  category    TEXT,
  file        TEXT NOT NULL,           -- a file in the media directory
  still       TEXT NOT NULL,           -- the first frame of an animation, else the same file
  url         TEXT NOT NULL,           -- the URLs of these files
  still_url   TEXT NOT NULL,
  media_type  TEXT NOT NULL,
  listed      INTEGER NOT NULL CHECK (listed IN (0, 1)),  -- 1: apps offer it
  updated_at  INTEGER NOT NULL         -- when its picture or its name last changed
) STRICT;
CREATE INDEX custom_emoji_file ON custom_emoji (file);
CREATE INDEX custom_emoji_still ON custom_emoji (still);

-- Files of other servers in the cache.
CREATE TABLE remote_files (
  key         TEXT PRIMARY KEY,        -- the digest of its URL: its name in the cache
  url         TEXT NOT NULL,
  subject     TEXT NOT NULL,           -- what it belongs to, as in its address (`domain/remote_files/address.rs`)
  media_type  TEXT NOT NULL,           -- by its content
  bytes       INTEGER NOT NULL,
  digest      TEXT NOT NULL,           -- of its content
  fetched_at  INTEGER NOT NULL,
  shown_at    INTEGER NOT NULL,        -- when it was last shown, to a few minutes
  for_owner   INTEGER NOT NULL CHECK (for_owner IN (0, 1)) -- 1: the owner was shown it; 0: only visitors were
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_files_audience ON remote_files (for_owner, shown_at, bytes);
CREATE INDEX remote_files_shown ON remote_files (shown_at, bytes);

-- The owner's passkeys.
CREATE TABLE passkeys (
  id             INTEGER PRIMARY KEY,
  credential     TEXT NOT NULL UNIQUE,  -- its id in the authenticator, as base64url
  public_key     BLOB NOT NULL,         -- SPKI DER
  name           TEXT NOT NULL,
  sign_count     INTEGER NOT NULL,      -- 0 if the authenticator does not count
  challenged_at  INTEGER NOT NULL,      -- when the challenge was issued that it was last used for
  created_at     INTEGER NOT NULL,
  used_at        INTEGER
) STRICT;

-- The icon of the server that the owner has chosen.
CREATE TABLE site_icons (
  name  TEXT PRIMARY KEY,              -- its size: `32`, `180`, `192`, `512` or `maskable`
  png   BLOB NOT NULL
) STRICT;
