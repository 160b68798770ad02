-- Ten years of one person: :n statuses up to now, :actors actors, and what belongs to them. Every twentieth status is the
-- owner's, fourteen of twenty are by followed actors, the others by unknown ones; six neighbours are a thread.
CREATE TEMP TABLE series AS
  WITH RECURSIVE count (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n + 1 < (SELECT statuses FROM size))
  SELECT n, ((now - (statuses - n) * 315000) << 16) AS id, now - (statuses - n) * 315000 AS at FROM count, size;
CREATE UNIQUE INDEX temp.series_n ON series (n);

INSERT INTO actors (id, uri, kind, username, domain, host, display_name, note, inbox, discoverable, created_at, updated_at, fetched_at, last_status_at, search_name)
  SELECT n + 1000, 'https://h' || (n % 5000) || '.example/users/u' || n, 0, 'u' || n, 'h' || (n % 5000) || '.example',
    'h' || (n % 5000) || '.example', 'Person ' || n, '<p>words about me</p>', 'https://h' || (n % 5000) || '.example/inbox', n % 2,
    at, at, at, at, 'u' || n || '@h' || (n % 5000) || '.example person ' || n FROM series WHERE n < (SELECT actors FROM size);
INSERT INTO hosts (host, first_seen) SELECT DISTINCT host, 0 FROM actors WHERE id >= 1000;
INSERT INTO follows (id, uri, follower_id, target_id, accepted, created_at)
  SELECT id, 'https://bench.example/out/' || n, me, n + 1000, 1, at FROM series, size WHERE n < 1500;
INSERT INTO follows (id, uri, follower_id, target_id, accepted, created_at)
  SELECT id + 1, 'https://bench.example/in/' || n, n + 2000, me, n % 50 > 0, at FROM series, size WHERE n < 3000;
INSERT INTO blocks (id, actor_id, target_id, created_at) SELECT id, me, n + 10000, at FROM series, size WHERE n < 300;
INSERT INTO mutes (id, target_id, notifications, created_at) SELECT id, n + 1900, 1, at FROM series WHERE n < 200;
INSERT INTO account_notes SELECT n + 1000, 'a note' FROM series WHERE n < 100;
INSERT INTO host_policies (host, severity, created_at) SELECT 'bad' || n || '.example', 1, at FROM series WHERE n < 300;

CREATE TEMP TABLE authors AS SELECT n, CASE
  WHEN n % 20 = 0 THEN (SELECT me FROM size)
  WHEN n % 20 <= 14 THEN 1000 + n * 7919 % 1500
  ELSE 2500 + n * 7907 % ((SELECT actors FROM size) - 1500) END AS actor FROM series;
CREATE UNIQUE INDEX temp.authors_n ON authors (n);

-- The third of six is a reply to the first, the fourth to the third, the fifth a boost; 2,000 in the middle are one thread.
INSERT OR IGNORE INTO statuses (id, uri, local, actor_id, boost_of_id, in_reply_to_uri, in_reply_to_id, in_reply_to_actor_id, thread_id,
    visibility, content, source, language, created_at, stored_at)
  SELECT s.id, CASE WHEN s.n % 20 = 0 THEN origin || '/users/alice/statuses/' || s.id ELSE 'https://decade.example/s/' || s.n END,
    s.n % 20 = 0, a.actor, boosted.id,
    CASE WHEN parent.id IS NOT NULL THEN 'https://decade.example/s/' || parent.n END, parent.id,
    (SELECT actor FROM authors WHERE n = parent.n),
    CASE WHEN s.n BETWEEN middle AND middle + 2000 THEN (SELECT id FROM series WHERE n = middle) WHEN parent.id IS NOT NULL THEN
      (SELECT id FROM series WHERE n = s.n - s.n % 6) ELSE s.id END,
    CASE WHEN s.n % 200 = 7 THEN 3 WHEN s.n % 25 = 4 THEN 2 WHEN s.n % 10 = 3 THEN 1 ELSE 0 END,
    CASE WHEN boosted.id IS NULL THEN '<p>Status number ' || s.n || ': some sixty characters of text that a person wrote on a usual day.</p>' ELSE '' END,
    CASE WHEN s.n % 20 = 0 THEN 'Status number ' || s.n END, 'en', s.at, s.at
  FROM (SELECT *, (SELECT statuses FROM size) / 12 * 6 AS middle FROM series) s CROSS JOIN size
  JOIN authors a ON a.n = s.n
  LEFT JOIN series boosted ON boosted.n = s.n - 1000 AND s.n % 6 = 4 AND s.n >= 1000 AND s.n NOT BETWEEN middle AND middle + 2000
  LEFT JOIN series parent ON parent.n = CASE WHEN s.n BETWEEN middle + 1 AND middle + 2000 THEN middle + (s.n - middle) / 3
    WHEN s.n % 6 = 2 THEN s.n - 2 WHEN s.n % 6 = 3 THEN s.n - 1 END
  ORDER BY s.n;
UPDATE statuses SET replies_count = 1 WHERE id IN (SELECT in_reply_to_id FROM statuses);

INSERT OR IGNORE INTO mentions (status_id, actor_id) SELECT s.id, me FROM series s JOIN statuses USING (id), size
  WHERE local = 0 AND boost_of_id IS NULL AND (n % 12 = 1 OR visibility = 3);
INSERT INTO status_tags SELECT 'tag' || (n * 31 % 2000), s.id, actor_id FROM series s JOIN statuses USING (id) WHERE n % 8 = 0 AND boost_of_id IS NULL;
INSERT INTO status_tags SELECT 'busy', s.id, actor_id FROM series s JOIN statuses USING (id) WHERE n % 50 IN (5, 20) AND boost_of_id IS NULL;
INSERT INTO media (id, status_id, position, kind, media_type, remote_url, description, blurhash, width, height, created_at)
  SELECT s.id + p.value, s.id, p.value, 0, 'image/jpeg', 'https://h1.example/' || n || '-' || p.value || '.jpg', 'A picture', 'L6PZfSi_.AyE_3t7t7R**0o#DgR4', 1200, 800, s.at
  FROM series s JOIN statuses USING (id) JOIN json_each('[0,1,2,3]') p ON p.value = 0 OR n % 30 = 5 WHERE n % 6 = 5 AND boost_of_id IS NULL;
INSERT INTO polls (status_id, multiple, ends_at) SELECT s.id, 0, s.at + 86400000 FROM series s JOIN statuses USING (id) WHERE n % 100 = 11 AND boost_of_id IS NULL;
INSERT INTO poll_options (status_id, position, title, votes) SELECT status_id, value, 'Option ' || value, value FROM polls, json_each('[0,1,2,3]');

INSERT INTO favourites (id, actor_id, status_id, created_at) SELECT s.id, me, s.id, s.at FROM series s JOIN statuses USING (id), size WHERE n % 50 = 1 AND boost_of_id IS NULL;
INSERT INTO favourites (id, actor_id, status_id, created_at)
  SELECT s.id + 1 + p.value, 1000 + (n * 13 + p.value) % 40000, s.id, s.at FROM series s JOIN statuses USING (id), json_each('[0,1,2,3,4]') p WHERE local = 1 AND boost_of_id IS NULL;
INSERT INTO bookmarks (id, status_id, created_at) SELECT s.id, s.id, s.at FROM series s JOIN statuses USING (id) WHERE n % 200 = 1;
UPDATE statuses SET favourites_count = 5 WHERE local = 1;
UPDATE statuses SET pinned_at = created_at WHERE id IN (SELECT id FROM statuses WHERE local = 1 AND boost_of_id IS NULL AND in_reply_to_uri IS NULL AND visibility = 0 ORDER BY id DESC LIMIT 5);

-- Four notifications of each of the owner's posts, and one of each follower.
INSERT OR IGNORE INTO notifications (kind, actor_id, status_id, created_at, group_key, filtered)
  SELECT CASE WHEN p.value = 3 THEN 1 ELSE 2 END, 1000 + (n * 13 + p.value) % 40000, s.id, s.at AS at,
    CASE WHEN p.value = 3 THEN 'reblog-' ELSE 'favourite-' END || s.id || '-' || (s.at / 3600000), n % 400 = 0
  FROM series s JOIN statuses USING (id), json_each('[0,1,3]') p WHERE local = 1 AND boost_of_id IS NULL
  UNION ALL SELECT 0, s.actor_id, s.id, s.created_at, NULL, 0 FROM mentions m JOIN statuses s ON s.id = m.status_id JOIN size ON m.actor_id = me
  UNION ALL SELECT 3, follower_id, NULL, created_at, NULL, 0 FROM follows, size WHERE target_id = me AND accepted = 1
  ORDER BY at;

INSERT INTO timelines SELECT 0, s.id FROM series s JOIN statuses USING (id) WHERE n % 20 <= 14;
INSERT INTO lists SELECT n + 1, 'List ' || n, 1, 0 FROM series WHERE n < 10;
INSERT INTO list_accounts SELECT row_number() OVER (), l.id, f.target_id, f.id FROM lists l JOIN follows f ON f.follower_id = (SELECT me FROM size) AND (f.target_id + l.id) % 10 = 0;
INSERT INTO timelines SELECT l.list_id, s.id FROM list_accounts l JOIN statuses s ON s.actor_id = l.actor_id;
INSERT INTO followed_tags SELECT n + 1, 'tag' || n FROM series WHERE n < 50;
INSERT INTO featured_tags SELECT n + 1, 'tag' || (n * 8), 'Tag' || (n * 8) FROM series WHERE n < 5;
INSERT INTO filters SELECT n + 1, 'Filter ' || n, 31, n % 3, NULL FROM series WHERE n < 20;
INSERT INTO filter_keywords SELECT n + 1, n / 10 + 1, 'unwanted' || n, 1 FROM series WHERE n < 200;
DROP TABLE series;
DROP TABLE authors;
