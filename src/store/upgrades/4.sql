CREATE INDEX statuses_app ON statuses (app_id) WHERE app_id IS NOT NULL;
CREATE INDEX statuses_direct ON statuses (thread_id, id) WHERE visibility = 3;
CREATE INDEX media_token ON media (token_id) WHERE token_id IS NOT NULL;
CREATE INDEX auth_codes_app ON auth_codes (app_id);
CREATE INDEX auth_codes_token ON auth_codes (token_id) WHERE token_id IS NOT NULL;
CREATE INDEX auth_codes_age ON auth_codes (created_at);
CREATE INDEX tokens_app ON tokens (app_id, owner);
CREATE INDEX relays_actor ON relays (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX reports_actor ON reports (actor_id);
CREATE INDEX reports_target ON reports (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX idempotency_keys_token ON idempotency_keys (token_id);
CREATE INDEX idempotency_keys_status ON idempotency_keys (status_id);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
ALTER TABLE idempotency_keys ADD COLUMN request TEXT;
ALTER TABLE polls ADD COLUMN hide_totals INTEGER NOT NULL DEFAULT 0 CHECK (hide_totals IN (0, 1));
ALTER TABLE apps ADD COLUMN address TEXT;
ALTER TABLE apps ADD COLUMN used_at INTEGER;
UPDATE apps SET used_at = created_at WHERE id IN (SELECT app_id FROM tokens WHERE owner = 1)
  OR id IN (SELECT app_id FROM statuses WHERE app_id IS NOT NULL);
CREATE INDEX apps_unused ON apps (address, created_at) WHERE used_at IS NULL;
-- The owner has seen the direct posts from before the list of conversations.
CREATE TABLE conversations (
  thread_id   INTEGER PRIMARY KEY,
  read_id     INTEGER NOT NULL,
  hidden_id   INTEGER,
  unread      INTEGER NOT NULL DEFAULT 0 CHECK (unread IN (0, 1))
) STRICT;
INSERT INTO conversations (thread_id, read_id) SELECT thread_id, max(id) FROM statuses WHERE visibility = 3 GROUP BY thread_id;
ALTER TABLE statuses ADD COLUMN parent_gone INTEGER NOT NULL DEFAULT 0 CHECK (parent_gone IN (0, 1));
ALTER TABLE hosts ADD COLUMN knows_key INTEGER;
ALTER TABLE hosts ADD COLUMN knows_server_key INTEGER;
ALTER TABLE hosts ADD COLUMN software TEXT;
ALTER TABLE hosts ADD COLUMN software_at INTEGER;
ALTER TABLE statuses ADD COLUMN group_pinned_at INTEGER;
CREATE INDEX statuses_group_pinned ON statuses (group_id, group_pinned_at) WHERE group_pinned_at IS NOT NULL;
ALTER TABLE status_edits ADD COLUMN descriptions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE follows ADD COLUMN failure TEXT;

-- The newest state of a post wins in any order of arrival, and a Create notifies once.
ALTER TABLE statuses ADD COLUMN state_at INTEGER;
ALTER TABLE statuses ADD COLUMN awaited INTEGER NOT NULL DEFAULT 0 CHECK (awaited IN (0, 1));
CREATE INDEX statuses_url ON statuses (url) WHERE local = 0 AND url IS NOT NULL AND url <> uri;
CREATE INDEX actors_url ON actors (url) WHERE local = 0 AND url IS NOT NULL AND url <> uri;

-- Files of deleted posts, removed attachments and replaced pictures.
ALTER TABLE media ADD COLUMN remove_at INTEGER;
ALTER TABLE media ADD COLUMN seconds REAL;
ALTER TABLE media ADD COLUMN frame_rate REAL;
CREATE INDEX media_file ON media (file) WHERE file IS NOT NULL;
CREATE INDEX media_preview ON media (preview) WHERE preview IS NOT NULL;
CREATE INDEX media_remove ON media (remove_at) WHERE remove_at IS NOT NULL;

-- Counters count public and unlisted posts: a number must not reveal a hidden post.
UPDATE actors SET
  statuses_count = (SELECT count(*) FROM statuses s
    WHERE s.actor_id = actors.id AND s.boost_of_id IS NULL AND s.visibility <= 1),
  last_status_at = (SELECT max(s.created_at) FROM statuses s
    WHERE s.actor_id = actors.id AND s.boost_of_id IS NULL AND s.visibility <= 1)
  WHERE statuses_count > 0;
UPDATE statuses SET replies_count = (SELECT count(*) FROM statuses r
    WHERE r.in_reply_to_id = statuses.id AND r.visibility <= 1)
  WHERE replies_count > 0;
UPDATE statuses SET boosts_count = (SELECT count(*) FROM statuses b
    WHERE b.boost_of_id = statuses.id AND b.visibility <= 1)
  WHERE boosts_count > 0 AND local = 1;

-- NULL instead of '' and 0 where there is no value. Each column is replaced by one of the same name: the tables stay.
DROP INDEX jobs_host;
ALTER TABLE hosts RENAME COLUMN speaks_rfc9421 TO old_speaks;
ALTER TABLE hosts ADD COLUMN speaks_rfc9421 INTEGER;
ALTER TABLE hosts RENAME COLUMN wants_rfc9421 TO old_wants;
ALTER TABLE hosts ADD COLUMN wants_rfc9421 INTEGER;
UPDATE hosts SET speaks_rfc9421 = nullif(old_speaks, 0), wants_rfc9421 = nullif(old_wants, 0);
ALTER TABLE hosts DROP COLUMN old_speaks;
ALTER TABLE hosts DROP COLUMN old_wants;
ALTER TABLE actors RENAME COLUMN proxy_of TO old_proxy_of;
ALTER TABLE actors ADD COLUMN proxy_of TEXT;
UPDATE actors SET proxy_of = old_proxy_of WHERE old_proxy_of <> '';
ALTER TABLE actors DROP COLUMN old_proxy_of;
ALTER TABLE statuses RENAME COLUMN quote_state TO old_quote_state;
ALTER TABLE statuses ADD COLUMN quote_state INTEGER CHECK (quote_state BETWEEN 1 AND 4);
ALTER TABLE statuses RENAME COLUMN policy TO old_policy;
ALTER TABLE statuses ADD COLUMN policy TEXT;
ALTER TABLE statuses RENAME COLUMN details TO old_details;
ALTER TABLE statuses ADD COLUMN details TEXT;
UPDATE statuses SET quote_state = nullif(old_quote_state, 0), policy = nullif(old_policy, ''), details = nullif(old_details, '')
  WHERE old_quote_state <> 0 OR old_policy <> '' OR old_details <> '';
ALTER TABLE statuses DROP COLUMN old_quote_state;
ALTER TABLE statuses DROP COLUMN old_policy;
ALTER TABLE statuses DROP COLUMN old_details;
-- A remote post may have been written long before it was stored.
ALTER TABLE statuses ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
UPDATE statuses SET stored_at = created_at;
ALTER TABLE jobs RENAME COLUMN host TO old_host;
ALTER TABLE jobs ADD COLUMN host TEXT;
UPDATE jobs SET host = nullif(old_host, '');
ALTER TABLE jobs DROP COLUMN old_host;
CREATE INDEX jobs_host ON jobs (host, lane) WHERE lane > 0;

-- Lists, mutes, notes, endorsements, followed and featured hashtags, and scheduled posts.
ALTER TABLE follows ADD COLUMN languages TEXT;
ALTER TABLE status_edits ADD COLUMN poll TEXT;
CREATE TABLE lists (
  id              INTEGER PRIMARY KEY,
  title           TEXT NOT NULL,
  replies_policy  INTEGER NOT NULL,
  exclusive       INTEGER NOT NULL CHECK (exclusive IN (0, 1))
) STRICT;
CREATE TABLE list_accounts (
  id         INTEGER PRIMARY KEY,
  list_id    INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  actor_id   INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
  follow_id  INTEGER REFERENCES follows (id) ON DELETE CASCADE,
  UNIQUE (list_id, actor_id)
) STRICT;
CREATE INDEX list_accounts_actor ON list_accounts (actor_id);
CREATE INDEX list_accounts_follow ON list_accounts (follow_id) WHERE follow_id IS NOT NULL;
CREATE TABLE mutes (
  id             INTEGER PRIMARY KEY,
  target_id      INTEGER NOT NULL UNIQUE REFERENCES actors (id) ON DELETE CASCADE,
  notifications  INTEGER NOT NULL CHECK (notifications IN (0, 1)),
  expires_at     INTEGER,
  created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX mutes_expiry ON mutes (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE account_notes (
  actor_id  INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
  comment   TEXT NOT NULL
) STRICT;
CREATE TABLE endorsements (
  id        INTEGER PRIMARY KEY,
  actor_id  INTEGER NOT NULL UNIQUE REFERENCES actors (id) ON DELETE CASCADE,
  follow_id INTEGER NOT NULL REFERENCES follows (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX endorsements_follow ON endorsements (follow_id);
CREATE TABLE dismissed_suggestions (
  actor_id  INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE followed_tags (
  id   INTEGER PRIMARY KEY,
  tag  TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE featured_tags (
  id    INTEGER PRIMARY KEY,
  tag   TEXT NOT NULL UNIQUE,
  name  TEXT NOT NULL
) STRICT;
CREATE TABLE scheduled_statuses (
  id          INTEGER PRIMARY KEY,
  due         INTEGER NOT NULL,
  draft       TEXT NOT NULL,
  idempotency TEXT UNIQUE,
  request     TEXT,
  error       TEXT
) STRICT;
CREATE TABLE scheduled_media (
  scheduled_id  INTEGER NOT NULL REFERENCES scheduled_statuses (id) ON DELETE CASCADE,
  media_id      INTEGER NOT NULL UNIQUE REFERENCES media (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  PRIMARY KEY (scheduled_id, position)
) STRICT, WITHOUT ROWID;

-- Filters of the owner.
CREATE TABLE filters (
  id          INTEGER PRIMARY KEY,
  title       TEXT NOT NULL,
  contexts    INTEGER NOT NULL,        -- the sum of 1 home, 2 notifications, 4 public, 8 thread, 16 account
  action      INTEGER NOT NULL CHECK (action BETWEEN 0 AND 2),  -- 0 warn, 1 hide, 2 blur
  expires_at  INTEGER
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
CREATE TABLE push_subscriptions (
  id            INTEGER PRIMARY KEY,
  token_id      INTEGER UNIQUE REFERENCES tokens (id) ON DELETE CASCADE,
  session_id    INTEGER UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
  endpoint      TEXT NOT NULL,
  public_key    BLOB NOT NULL,
  auth          BLOB NOT NULL,
  standard      INTEGER NOT NULL CHECK (standard IN (0, 1)),
  alerts        INTEGER NOT NULL,
  policy        INTEGER NOT NULL,
  sealed_token  BLOB,
  created_at    INTEGER NOT NULL,
  refusals      INTEGER NOT NULL DEFAULT 0,
  CHECK ((token_id IS NULL) <> (session_id IS NULL) AND (token_id IS NULL) = (sealed_token IS NULL))
) STRICT;


-- Lists of one status or actor are read in their order; counts and searches read an index only.
CREATE INDEX actors_local ON actors (id) WHERE local = 1;
CREATE INDEX actors_directory ON actors (ifnull(last_status_at, 0) DESC, id)
  WHERE discoverable = 1 AND suspended = 0 AND limited = 0 AND gone_at IS NULL AND moved_to IS NULL AND kind <> 4;
CREATE INDEX statuses_boosts ON statuses (boost_of_id, id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_own ON statuses (visibility) WHERE local = 1 AND boost_of_id IS NULL;
CREATE INDEX blocks_actor ON blocks (actor_id, id);
CREATE INDEX favourites_status ON favourites (status_id, id);

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
  creator_id    INTEGER REFERENCES actors (id) ON DELETE SET NULL  -- the account that the page names as its author
) STRICT;
CREATE INDEX preview_cards_requested ON preview_cards (requested_at);
CREATE INDEX preview_cards_creator ON preview_cards (creator_id) WHERE creator_id IS NOT NULL;

CREATE TABLE status_cards (
  status_id  INTEGER PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
  card_id    INTEGER NOT NULL REFERENCES preview_cards (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX status_cards_card ON status_cards (card_id, status_id);

-- Domains whose pages may name the account as their author.
ALTER TABLE actors ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '[]';
ALTER TABLE actors ADD COLUMN show_media INTEGER NOT NULL DEFAULT 1 CHECK (show_media IN (0, 1));
ALTER TABLE actors ADD COLUMN show_media_replies INTEGER NOT NULL DEFAULT 1 CHECK (show_media_replies IN (0, 1));
ALTER TABLE actors ADD COLUMN show_featured INTEGER NOT NULL DEFAULT 1 CHECK (show_featured IN (0, 1));

-- The search for accounts compares one text of each.
ALTER TABLE actors ADD COLUMN search_name TEXT NOT NULL DEFAULT '';
UPDATE actors SET search_name = search_name(username, domain, display_name);
CREATE INDEX actors_names ON actors (search_name, limited, gone_at, suspended, kind)
  WHERE gone_at IS NULL AND suspended = 0 AND kind <> 4;

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
-- Finds the reactions with an emoji that the owner changes.
CREATE INDEX reactions_url ON reactions (url) WHERE url IS NOT NULL;

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
-- Search by words instead of three characters. The index is rebuilt after the start.
DROP TABLE status_search;
CREATE VIRTUAL TABLE status_search USING fts5 (text, content='', contentless_delete=1, tokenize="ascii tokenchars ':#_-'");
ALTER TABLE reports ADD COLUMN category TEXT NOT NULL DEFAULT 'other';
ALTER TABLE reports ADD COLUMN rules TEXT NOT NULL DEFAULT '[]';

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

-- Ids that contained the time are replaced by numbers in the same order.
UPDATE markers SET last_read_id = 999999999 + (SELECT count(*) FROM notifications WHERE id <= last_read_id)
  WHERE timeline = 'notifications';
CREATE TABLE old_notifications AS SELECT * FROM notifications;
DROP TABLE notifications;
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
  filtered    INTEGER NOT NULL DEFAULT 0 CHECK (filtered IN (0, 1))  -- 1: by the notification policy, and not accepted yet
) STRICT;
INSERT INTO sqlite_sequence (name, seq) VALUES ('notifications', 999999999);
INSERT INTO notifications (id, kind, actor_id, status_id, created_at)
  SELECT 999999999 + row_number() OVER (ORDER BY id), kind, actor_id, status_id, created_at FROM old_notifications;
DROP TABLE old_notifications;
CREATE UNIQUE INDEX notifications_once ON notifications
  (kind, actor_id, ifnull(status_id, 0), ifnull(report_id, 0), ifnull(severance_id, 0));
CREATE INDEX notifications_severance ON notifications (severance_id) WHERE severance_id IS NOT NULL;
CREATE INDEX notifications_group ON notifications (group_key, id) WHERE group_key IS NOT NULL;
CREATE INDEX notifications_filtered ON notifications (actor_id, id) WHERE filtered = 1;
CREATE INDEX notifications_report ON notifications (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX notifications_status ON notifications (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_actor ON notifications (actor_id);

-- Lists of one account that show few of its posts do not read all of them.
ALTER TABLE statuses ADD COLUMN has_media INTEGER NOT NULL DEFAULT 0 CHECK (has_media IN (0, 1));
UPDATE statuses SET has_media = 1 WHERE id IN (SELECT status_id FROM media);
CREATE INDEX statuses_media ON statuses (actor_id, id) WHERE has_media = 1;
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
CREATE INDEX statuses_direct_newest ON statuses (id) WHERE visibility = 3 AND boost_of_id IS NULL;
CREATE INDEX statuses_outbox ON statuses (visibility) WHERE local = 1;
CREATE INDEX statuses_listed ON statuses (id, edited_at, created_at, local, visibility, boost_of_id)
  WHERE local = 1 AND boost_of_id IS NULL AND visibility = 0;
ALTER TABLE status_tags ADD COLUMN actor_id INTEGER NOT NULL DEFAULT 0;
UPDATE status_tags SET actor_id = (SELECT s.actor_id FROM statuses s WHERE s.id = status_tags.status_id);
CREATE INDEX status_tags_actor ON status_tags (actor_id, tag);

-- The values of columns that have few. New columns are added before these.
ALTER TABLE actors ADD CONSTRAINT actors_values CHECK (local IN (0, 1) AND kind BETWEEN 0 AND 4 AND locked IN (0, 1)
  AND discoverable IN (0, 1) AND indexable IN (0, 1) AND memorial IN (0, 1) AND suspended IN (0, 1) AND limited BETWEEN 0 AND 2);
ALTER TABLE actor_keys ADD CONSTRAINT actor_keys_values CHECK (kind IN (0, 1));
ALTER TABLE statuses ADD CONSTRAINT statuses_values CHECK (local IN (0, 1) AND visibility BETWEEN 0 AND 3 AND sensitive IN (0, 1)
  AND (reply_state IS NULL OR reply_state BETWEEN 1 AND 4));
ALTER TABLE status_edits ADD CONSTRAINT status_edits_values CHECK (sensitive IN (0, 1));
ALTER TABLE tombstones ADD CONSTRAINT tombstones_values CHECK (local IN (0, 1) AND closed IN (0, 1));
ALTER TABLE mentions ADD CONSTRAINT mentions_values CHECK (silent IN (0, 1));
ALTER TABLE media ADD CONSTRAINT media_values CHECK (kind BETWEEN 0 AND 4);
ALTER TABLE polls ADD CONSTRAINT polls_values CHECK (multiple IN (0, 1) AND closed IN (0, 1));
ALTER TABLE follows ADD CONSTRAINT follows_values CHECK (accepted IN (0, 1) AND show_boosts IN (0, 1) AND notify IN (0, 1));
ALTER TABLE approvals ADD CONSTRAINT approvals_values CHECK (kind BETWEEN 0 AND 3);
ALTER TABLE notifications ADD CONSTRAINT notifications_values CHECK (kind BETWEEN 0 AND 12);
ALTER TABLE tokens ADD CONSTRAINT tokens_values CHECK (owner IN (0, 1));
ALTER TABLE inbox_queue ADD CONSTRAINT inbox_queue_values CHECK (parked IN (0, 1));
ALTER TABLE outgoing ADD CONSTRAINT outgoing_values CHECK (fan_out IN (0, 1) AND private IN (0, 1));
ALTER TABLE deliveries ADD CONSTRAINT deliveries_values CHECK (lane BETWEEN 0 AND 2);
ALTER TABLE host_policies ADD CONSTRAINT host_policies_values CHECK (severity BETWEEN 0 AND 2 AND reject_media IN (0, 1));
ALTER TABLE relays ADD CONSTRAINT relays_values CHECK (accepted IN (0, 1));
ALTER TABLE jobs ADD CONSTRAINT jobs_values CHECK (lane BETWEEN 0 AND 2);
ALTER TABLE lists ADD CONSTRAINT lists_values CHECK (replies_policy BETWEEN 0 AND 2);
ALTER TABLE filters ADD CONSTRAINT filters_values CHECK (contexts BETWEEN 1 AND 31);
ALTER TABLE push_subscriptions ADD CONSTRAINT push_subscriptions_values CHECK (policy BETWEEN 0 AND 3);
ALTER TABLE preview_cards ADD CONSTRAINT preview_cards_values CHECK (kind BETWEEN 0 AND 3);
