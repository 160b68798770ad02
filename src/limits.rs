//! Every bound on outside data, with its reason. Nothing from outside is read without one of these.
//!
//! A bound belongs here if another party can push against it, or if the owner meets it as a rule of the server.
//!
//! **Units.** A plain number with `_CHARS` counts Unicode characters. `_PER_…` counts events in that time. `_RETRY_AFTER` is in
//! seconds. Other numbers count the things that they name, or bytes where they name a size (`_BODY`, `_MEMORY`, `_BYTES`, `URL`).
//!
//! **Words.** A *client* is an address (for IPv6 its /64 prefix). A *host* is a host name; a *domain* is a registrable domain with
//! all its hosts. *Followed* accounts are those that the owner follows; an *unknown actor* is any other.

use std::ops::RangeInclusive;
use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

// ---- Inbound connections ----

/// Open inbound connections; 512 read buffers of 16 KiB take 8 MiB.
pub const CONNECTIONS: usize = 512;
/// Open files of the process: connections, streams, outgoing connections, the database.
pub const OPEN_FILES: u64 = 4_096;
/// Open connections of one client, unless it is a trusted proxy.
pub const CONNECTIONS_PER_ADDRESS: usize = 32;
/// Concurrent requests of one client behind a trusted proxy: a page with all its pictures over HTTP/2.
pub const REQUESTS_PER_CLIENT: usize = 64;
/// A request without progress for this long may be closed to make room for another of the same client.
pub const REQUEST_STALL: Duration = Duration::from_secs(1);
/// A response is cut off when the client has read nothing for this long.
pub const RESPONSE_STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes per second that a client must read on average while a response waits for it.
pub const RESPONSE_MIN_RATE: usize = 4 * KIB;
/// Socket send buffer. It bounds the kernel memory per reader and the granularity at which progress is seen.
pub const SOCKET_SEND_BUFFER: usize = 128 * KIB;
/// One chunk of a response on its way to the socket; each connection holds two.
pub const RESPONSE_CHUNK: usize = 32 * KIB;
/// Languages that are read of `Accept-Language`; browsers state a handful.
pub const ACCEPT_LANGUAGES: usize = 32;
/// Static files of the owner up to this size are read whole and compressed; larger ones are streamed.
pub const STATIC_IN_MEMORY: u64 = 256 * 1024;

// ---- Inbound requests ----

/// A client must send the request head within this time (slowloris); also the idle time of a connection.
pub const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Size of a request head; hyper's default of 400 KiB is too much for a small machine.
pub const REQUEST_HEAD_BYTES: usize = 32 * KIB;
/// Headers of a request; peers send about twenty.
pub const REQUEST_HEADERS: usize = 64;
/// Time for which browsers remember that web apps may send requests. Most allow no more than two hours.
pub const PREFLIGHT_AGE: Duration = Duration::from_secs(7_200);
/// Path and query of a request.
pub const REQUEST_TARGET: usize = 8 * KIB;
/// A request body must arrive within this time.
pub const REQUEST_BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// A request body is abandoned when nothing has arrived for this long.
pub const REQUEST_BODY_STALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes per second at which a body must arrive on average, after [`REQUEST_BODY_RATE_GRACE`].
pub const REQUEST_BODY_MIN_RATE: usize = 16 * KIB;
/// Time before the rate of a body is checked, so that slow starts do not count.
pub const REQUEST_BODY_RATE_GRACE: Duration = Duration::from_secs(10);
/// An upload must arrive within this time, which is longer because uploads are larger.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_secs(900);
/// An upload is abandoned when nothing has arrived for this long: it may come from a phone on a train.
pub const UPLOAD_STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Body of an activity posted to an inbox (Mastodon and Lemmy use the same).
pub const INBOX_BODY: usize = MIB;
/// Body of an API request or form; a post is at most 20 kB of text.
pub const FORM_BODY: usize = 256 * KIB;
/// Fields of a form, query or multipart body.
pub const FORM_FIELDS: usize = 1_000;
/// Name of a form field in bytes, with brackets; the longest that apps send has about forty.
pub const FORM_FIELD_NAME: usize = 256;
/// Nesting of a JSON body that is read as a form; `data[alerts][mention]` has three levels.
pub const FORM_DEPTH: usize = 8;

// ---- Memory for request bodies ----

/// All request bodies in memory.
pub const REQUEST_BODY_MEMORY: usize = 28 * MIB;
/// Part of [`REQUEST_BODY_MEMORY`] reserved for the owner: forms, and deliveries of followed accounts.
pub const REQUEST_BODY_MEMORY_FOR_OWNER: usize = 8 * MIB;
/// Part of [`REQUEST_BODY_MEMORY`] reserved for bodies up to [`SMALL_BODY`].
pub const SMALL_BODY_MEMORY: usize = 8 * MIB;
/// Largest body that counts as small; nearly every activity and form is smaller.
pub const SMALL_BODY: usize = 64 * KIB;
/// Larger bodies of one client together.
pub const REQUEST_BODY_MEMORY_PER_CLIENT: usize = 4 * MIB;

// ---- Handler threads ----

/// Requests handled concurrently; further ones wait.
pub const HANDLER_THREADS: usize = 40;
/// Further threads that handle only requests of the owner, for when the others are all busy.
pub const HANDLER_THREADS_FOR_OWNER: usize = 4;
/// Threads that check whether a request is the owner's: one indexed read each.
pub const OWNER_CHECK_THREADS: usize = 4;
/// Threads for all handlers and checks, and for reading chunks of files.
pub const BLOCKING_THREADS: usize = HANDLER_THREADS + HANDLER_THREADS_FOR_OWNER + OWNER_CHECK_THREADS + 8;
/// Requests that wait for a handler; a further one gets 503.
pub const WAITING_REQUESTS: usize = 256;
/// Sign-ins of new browsers that wait for the password hash; they hold no thread.
pub const WAITING_SIGN_INS: usize = 64;

// ---- Shutdown ----

/// Time for open requests to finish when the server stops.
pub const SHUTDOWN_REQUESTS: Duration = Duration::from_secs(5);
/// Time for workers to finish when the server stops.
pub const SHUTDOWN_WORKERS: Duration = Duration::from_secs(4);
/// The process exits after this time in any case; service managers kill after 15 s and more.
pub const SHUTDOWN_TOTAL: Duration = Duration::from_secs(12);

// ---- Disk, and waits that overloaded parts ask for ----

/// Default for the free space in MiB below which activities of other servers are refused.
pub const FREE_DISK_MB: u64 = 256;
/// Age up to which a measurement of the free space is reused.
pub const DISK_CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// `Retry-After` for other servers while the disk is nearly full.
pub const DISK_RETRY_AFTER: u32 = 600;
/// `Retry-After` while all handlers, memory or queues are in use.
pub const BUSY_RETRY_AFTER: u32 = 30;
/// `Retry-After` while another process locks the database: backups and shells soon finish.
pub const LOCKED_RETRY_AFTER: u32 = 5;
/// `Retry-After` while the disk is full or read-only: a person has to act first.
pub const STORAGE_RETRY_AFTER: u32 = 300;
/// Bytes of statuses that are kept in memory with everything that is shown with them: a few hundred.
pub const CACHED_VIEW_BYTES: usize = 2 * MIB;
/// Bytes of rendered public responses that are cached in memory.
pub const RESPONSE_CACHE: usize = 4 * MIB;
/// Entries of a table with keys that other parties choose (addresses, hosts).
pub const COUNTER_TABLE: usize = 20_000;

// ---- Rates of clients ----

/// API requests of one token or address in five minutes.
pub const API_REQUESTS: u32 = 1_500;
/// Requests for pages and objects of one address in five minutes that the cache does not answer.
pub const PAGE_REQUESTS: u32 = 600;
/// Requests to the token endpoint from one address in five minutes.
pub const TOKEN_REQUESTS: u32 = 30;
/// App registrations from one address in an hour.
pub const APP_REGISTRATIONS: u32 = 30;

// ---- Sign-in and sessions ----

/// Failed sign-ins of one client or known browser before it must back off.
pub const LOGIN_ATTEMPTS: u32 = 5;
/// First wait after that; it doubles with each further failure.
pub const LOGIN_BACKOFF: Duration = Duration::from_secs(30);
/// Longest wait.
pub const LOGIN_BACKOFF_MAX: Duration = Duration::from_secs(15 * MINUTE);
/// Failures are forgotten after this time without another.
pub const LOGIN_FAILURE_MEMORY: Duration = Duration::from_secs(HOUR);
/// Failed sign-ins of all clients in an hour before each further one is slowed down.
pub const LOGIN_ATTEMPTS_GLOBAL: u32 = 20;
/// Delay of each sign-in then, one after another.
pub const LOGIN_DELAY: Duration = Duration::from_millis(250);
/// Length of a password in bytes; argon2 reads all of it.
pub const PASSWORD_BYTES: RangeInclusive<usize> = 8..=256;
/// How long a browser in which the owner signed in counts as known; browsers keep no cookie longer.
pub const KNOWN_BROWSER_AGE: Duration = Duration::from_secs(400 * DAY);
/// How long a browser stays signed in.
pub const SESSION_AGE: Duration = Duration::from_secs(365 * DAY);
/// Sessions in browsers.
pub const SESSIONS: i64 = 50;

// ---- Apps and tokens ----

/// Registered apps that the owner has never used, from all clients: rows of a few hundred bytes.
pub const UNUSED_APPS: i64 = 5_000;
/// Unused apps of one client: more than a household registers in a day.
pub const UNUSED_APPS_PER_ADDRESS: i64 = 250;
/// An unused app is removed at this age.
pub const UNUSED_APP_AGE: Duration = Duration::from_secs(DAY);
/// An app that the owner has used is removed this long after its last use if it has no token.
pub const USED_APP_AGE: Duration = Duration::from_secs(90 * DAY);
/// A younger app is never removed to make room: the owner may be signing in with it.
pub const APP_GRACE: Duration = Duration::from_secs(HOUR);
/// Characters of the name, website and scopes of an app.
pub const APP_FIELD_CHARS: usize = 2_000;
/// Redirect URIs of an app.
pub const APP_REDIRECT_URIS: usize = 10;
/// Lifetime of an authorization code.
pub const AUTH_CODE_AGE: Duration = Duration::from_secs(600);
/// Length of a PKCE challenge: SHA-256 in base64url (RFC 7636).
pub const PKCE_CHALLENGE_CHARS: usize = 43;
/// Access tokens of one app that act for the owner; the least recently used ones are revoked.
pub const TOKENS_PER_APP: i64 = 50;
/// Access tokens made on the command line, which belong to no app.
pub const TOKENS_WITHOUT_APP: i64 = 200;
/// Tokens on the page of apps.
pub const TOKENS_LISTED: u32 = 500;
/// Access tokens of one app for itself (client credentials); a client needs one.
pub const APP_TOKENS_PER_APP: i64 = 5;
/// Access tokens in memory: a few apps use theirs all the time.
pub const CACHED_TOKENS: usize = 64;
/// Interval at which the last use of a token is stored: a write per request would cost more than the request.
pub const TOKEN_LAST_USE_INTERVAL: Duration = Duration::from_secs(HOUR);
/// How long an `Idempotency-Key` is remembered.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_secs(HOUR);

// ---- Lists, notes and hashtags of the owner ----

/// Lists of the owner, as in Mastodon: each new post is compared with those of its author.
pub const LISTS: i64 = 50;
/// Members of a list; an app that asks for all of them gets about 2 kB for each.
pub const LIST_MEMBERS: i64 = 2_000;
/// Languages of a follow; there are fewer that a person reads.
pub const FOLLOW_LANGUAGES: usize = 50;
/// Longest mute with an end: a year is longer than any app offers.
pub const MUTE_DURATION: Duration = Duration::from_secs(366 * DAY);
/// Characters of a private note about an account, as in Mastodon.
pub const ACCOUNT_NOTE_CHARS: usize = 2_000;
/// Hashtags that the owner follows; each new post is compared with them.
pub const FOLLOWED_TAGS: i64 = 1_000;
/// Hashtags that the owner features on the profile, as in Mastodon.
pub const FEATURED_TAGS: usize = 10;
/// Recovery codes of two-factor authentication, as many as is usual.
pub const RECOVERY_CODES: usize = 10;
/// Passkeys of the owner: more than the devices of a person.
pub const PASSKEYS: usize = 20;
/// Characters of the name of a passkey.
pub const PASSKEY_NAME: usize = 60;
/// Characters of a field that a browser sends with a passkey. An RSA key has 400; the extensions of authenticators are unbounded.
pub const PASSKEY_FIELD: usize = 8 * KIB;
/// How long a page offers to use a passkey.
pub const PASSKEY_CHALLENGE_AGE: Duration = Duration::from_secs(HOUR / 4);
/// Drafts of the owner: each submit that does not publish a new post saves one, so there are more than of scheduled posts.
pub const DRAFTS: i64 = 500;
/// Size of a draft as JSON in bytes: some times the longest post, because what is too long is kept until it is shortened.
pub const DRAFT_BYTES: usize = 64 * KIB;
/// Scheduled posts of the owner, as in Mastodon.
pub const SCHEDULED_POSTS: i64 = 300;
/// Scheduled posts of one day, as in Mastodon.
pub const SCHEDULED_POSTS_PER_DAY: i64 = 25;
/// Shortest time until a scheduled post is published, as in Mastodon.
pub const SCHEDULE_AHEAD: Duration = Duration::from_secs(5 * MINUTE);
/// Longest time until a scheduled post is published.
pub const SCHEDULE_HORIZON: Duration = Duration::from_secs(3_653 * DAY);
/// Time for a translation: LibreTranslate takes seconds for a long post on a small machine.
pub const TRANSLATION_TIMEOUT: Duration = Duration::from_secs(20);
/// Response of a translation service: a post with its poll and descriptions, in a longer language.
pub const TRANSLATION_RESPONSE: usize = MIB;
/// Languages of a translation service.
pub const TRANSLATION_LANGUAGES: usize = 300;
/// Characters of the title of a list.
pub const LIST_TITLE_CHARS: usize = 256;

// ---- JSON documents and URLs ----

/// Nesting of a JSON document; real activities stay below 12.
pub const JSON_DEPTH: usize = 32;
/// Values in a JSON document; reading takes time for each.
pub const JSON_NODES: usize = 20_000;
/// Bytes of one JSON string.
pub const JSON_STRING: usize = 256 * KIB;
/// Bytes of an ActivityPub id or any other URL (Mitra limits ids to 2,000).
pub const URL: usize = 2_048;
/// Bytes of a public key as text; a PEM of RSA 8192 has 1.4 kB.
pub const KEY_TEXT: usize = 8 * KIB;
/// Objects read of one activity: a Flag names an actor and some posts, nothing else names many.
pub const ACTIVITY_OBJECTS: usize = 200;
/// Addressees read of one activity.
pub const REMOTE_AUDIENCE: usize = 1_000;
/// Items read of one collection page (pages of Mastodon have 12 to 60, Lemmy's outbox 20).
pub const COLLECTION_ITEMS: usize = 1_000;
/// Pages read of one remote collection.
pub const COLLECTION_PAGES: usize = 3;

// ---- Remote HTML ----

/// HTML of a remote post before sanitising, in bytes.
pub const REMOTE_HTML: usize = 100 * KIB;
/// HTML of a remote post after sanitising, in bytes.
pub const CLEAN_HTML: usize = 64 * KIB;
/// Nesting of remote HTML (ammonia had an advisory about recursion).
pub const HTML_DEPTH: usize = 64;
/// Elements of remote HTML.
pub const HTML_ELEMENTS: usize = 5_000;
/// Attributes read of one HTML element; real posts use five.
pub const HTML_ATTRIBUTES: usize = 16;

// ---- Remote posts ----

/// Tags (mentions, hashtags, emoji) read of one object.
pub const REMOTE_TAGS: usize = 200;
/// Mentions stored of one remote post, besides that of the owner.
pub const REMOTE_MENTIONS: usize = 50;
/// Hashtags stored of one remote post.
pub const REMOTE_HASHTAGS: usize = 50;
/// Characters of a hashtag.
pub const HASHTAG_CHARS: usize = 100;
/// Custom emoji stored of one remote object.
pub const REMOTE_EMOJI: usize = 50;
/// Bytes of the names and URLs of these emoji: one takes about 100 bytes, and every response repeats them.
pub const REMOTE_EMOJI_BYTES: usize = 16 * KIB;
/// Characters of an emoji shortcode.
pub const EMOJI_CHARS: usize = 64;
/// Attachments stored of one remote post.
pub const REMOTE_ATTACHMENTS: usize = 16;
/// Characters of the description of a remote attachment.
pub const REMOTE_ALT_CHARS: usize = 10_000;
/// Bytes of the descriptions of all attachments of one remote post.
pub const REMOTE_ALT_BYTES: usize = 48 * KIB;
/// Characters of a title or content warning.
pub const SUMMARY_CHARS: usize = 2_000;
/// Options stored of a remote poll; the largest seen has 60. The page says how many are left out.
pub const REMOTE_POLL_OPTIONS: usize = 100;
/// Characters of a poll option as shown.
pub const POLL_OPTION_CHARS: usize = 200;
/// Bytes of a poll option as its server writes it; votes repeat it.
pub const POLL_OPTION_NAME: usize = 1_024;
/// Actors named in one rule of an interaction policy.
pub const POLICY_ACTORS: usize = 50;
/// Earlier versions stored of one post.
pub const STORED_EDITS: i64 = 100;
/// Emoji reactions of one actor to one post.
pub const REACTIONS_PER_ACTOR: i64 = 8;
/// Characters of a post that enter the search index, which takes several times their bytes.
pub const INDEXED_CHARS: usize = 6_000;
/// Bytes of the words of a post that enter the search index: a few characters stand for up to eighteen.
pub const INDEXED_BYTES: usize = INDEXED_CHARS * 8;
/// Hashtags and mentions of a post that enter the search index.
pub const INDEXED_NAMES: usize = 100;
/// Posts that one step of rebuilding the search index adds: some milliseconds, for which other writes wait.
pub const REINDEXED_POSTS: u32 = 100;
/// Such steps in half a second.
pub const REINDEXING_STEPS: u32 = 8;
/// Replies that are indexed again when the post that they wait for arrives: whom they reply to is known then.
pub const REINDEXED_REPLIES: usize = 100;
/// Posts that are indexed again when the page that they link to turns out to have a player.
pub const REINDEXED_OF_CARD: u32 = 200;
/// Posts of a host that are examined to see whether it has downvotes.
pub const DOWNVOTE_DETECTION_POSTS: i64 = 2_000;
/// How far the clock of another server may be ahead for the time of a post to be stored as stated.
pub const PUBLISHED_CLOCK_SKEW: Duration = Duration::from_secs(5 * MINUTE);

// ---- Remote actors ----

/// Characters of an actor's display name.
pub const ACTOR_NAME_CHARS: usize = 200;
/// Characters of an actor's user name (Ditto uses 64 hex digits).
pub const ACTOR_USERNAME_CHARS: usize = 128;
/// Bytes of the HTML of an actor's biography.
pub const ACTOR_NOTE: usize = 20 * KIB;
/// Profile fields of an actor.
pub const ACTOR_FIELDS: usize = 20;
/// Characters of the name of a profile field.
pub const ACTOR_FIELD_NAME_CHARS: usize = 500;
/// Characters of the value of a profile field.
pub const ACTOR_FIELD_VALUE_CHARS: usize = 2_000;
/// Bytes of the names and values of these fields: the API repeats them with every post of the actor.
pub const ACTOR_FIELDS_BYTES: usize = 32 * KIB;
/// Entries of `alsoKnownAs`.
pub const ACTOR_ALIASES: usize = 10;
/// Public keys of an actor.
pub const ACTOR_KEYS: usize = 8;
/// Pinned posts stored of a remote actor.
pub const REMOTE_PINS: usize = 20;
/// An actor is fetched again when it is shown and our copy is older than this.
pub const ACTOR_REFRESH_AGE: Duration = Duration::from_secs(DAY);
/// An actor that responds 404 is fetched again after this time, and deleted if that is 404 too.
pub const GONE_CONFIRMATION_DELAY: Duration = Duration::from_secs(DAY);
/// Activities of an actor that has deleted itself are ignored for this long.
pub const DELETED_ACTOR_MEMORY: Duration = Duration::from_secs(DAY);
/// Actors fetched again when their shared inbox is gone.
pub const INBOX_ACTORS_REFRESHED: u32 = 20;
/// Actors of one name that are tried to find a community: a person, a community, and one more.
pub const GROUP_CANDIDATES: usize = 3;
/// How long the software of a host is remembered before its NodeInfo is fetched again: upgrades are rare.
pub const SOFTWARE_AGE: Duration = Duration::from_secs(7 * DAY);
/// How long it is remembered that a host has no NodeInfo: it may have been broken that day.
pub const SOFTWARE_UNKNOWN_AGE: Duration = Duration::from_secs(DAY);

// ---- Account moves ----

/// Age of actor documents on which a Move is accepted.
pub const MOVE_DOCUMENT_AGE: Duration = Duration::from_secs(5 * MINUTE);
/// Age of an actor document on which a Move is refused; an older one is fetched again first.
pub const MOVE_CONTRADICTION_AGE: Duration = Duration::from_secs(20);
/// Retries of a Move that a document contradicts, after one and five minutes: the document may follow the Move.
pub const MOVE_RETRIES: i64 = 2;
/// Interval between two moves of the owner's account, as in Mastodon: followers should not be sent from place to place.
pub const MOVE_COOLDOWN: Duration = Duration::from_secs(30 * DAY);
/// Interval between two moves of one account that are followed: two accounts could name each other.
pub const MOVE_INTERVAL: Duration = Duration::from_secs(7 * DAY);

// ---- Reports ----

/// Open reports from one host.
pub const REPORTS_PER_HOST: i64 = 100;
/// Posts named in one report.
pub const REPORT_OBJECTS: usize = 50;
/// Characters of the comment of a report.
pub const REPORT_COMMENT_CHARS: usize = 1_000;

// ---- Signatures ----

/// Difference between the time of a signature and our clock, in either direction.
pub const SIGNATURE_CLOCK_SKEW: Duration = Duration::from_secs(HOUR);
/// Age of an object proof in an activity that another actor than its author delivers.
pub const PROOF_AGE: Duration = Duration::from_secs(HOUR);
/// How long signatures and activity ids are remembered against replay.
pub const REPLAY_MEMORY: Duration = Duration::from_secs(DAY);
/// Bytes of a `Signature` or `Signature-Input` header.
pub const SIGNATURE_HEADER: usize = 8 * KIB;
/// Bits of an RSA modulus (ring verifies 2048 to 8192).
pub const RSA_BITS: RangeInclusive<usize> = 2_048..=8_192;
/// How long the signature scheme that a host accepts is remembered.
pub const SIGNATURE_SCHEME_MEMORY: Duration = Duration::from_secs(30 * DAY);

// ---- Key rotation of the owner ----

/// How long a retired key is published, and signs for hosts that may not know its successor: WordPress caches keys for a
/// week, and a delivery waits for at most eight days.
pub const RETIRED_KEY_AGE: Duration = Duration::from_secs(14 * DAY);
/// Time for a host to process the announcement of a new key: Misskey responds 202 first and drops what it cannot verify.
pub const KEY_ROTATION_DELAY: Duration = Duration::from_secs(5);
/// Hosts besides those of followers that are asked to delete the account, most recently seen first: one delivery each, more
/// than a server for one person meets.
pub const DELETION_HOSTS: usize = 50_000;
/// Posts or actors that are erased in one write after the account was deleted: it takes less than a second.
pub const ERASED_ROWS: usize = 1_000;
/// Hosts besides those of followers to which a new key is announced, most recently seen first.
pub const KEY_ANNOUNCED_HOSTS: usize = 5_000;
/// Refused signatures after a rotation before that is final: 27 hours of attempts, because Lemmy caches keys for a day.
pub const DELIVERY_REFUSALS_AFTER_ROTATION: i64 = 8;

// ---- Outbound connections ----

/// Opening a connection to another server.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Concurrent name lookups; one that hangs keeps its thread, so this is more than normal operation needs.
pub const CONCURRENT_NAME_LOOKUPS: usize = 16;
/// Addresses of one name that are tried; all of them are checked.
pub const ADDRESSES_TRIED: usize = 4;
/// Idle connections to other servers (48 KiB of buffers each).
pub const IDLE_CONNECTIONS: usize = 64;
/// Idle connections to one host.
pub const IDLE_CONNECTIONS_PER_HOST: usize = 2;
/// How long an idle connection is kept; most peers close theirs after 15 to 75 s.
pub const IDLE_CONNECTION_AGE: Duration = Duration::from_secs(15);
/// Servers whose TLS sessions are remembered, which saves half of the next handshake.
pub const TLS_SESSIONS: usize = 512;
/// Bytes of a response head.
pub const RESPONSE_HEAD: usize = 16 * KIB;
/// Redirects followed by one fetch.
pub const REDIRECTS: usize = 3;
/// Longest `Retry-After` that is honoured; longer ones count as this.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(DAY);

// ---- Fetches ----

/// Fetching a document, with redirects.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(15);
/// Time without a byte after which a response is given up. All other timeouts but that of remote files are shorter.
pub const READ_STALL: Duration = Duration::from_secs(30);
/// An ActivityPub document.
pub const FETCH_BODY: usize = MIB;
/// A WebFinger or NodeInfo document.
pub const DISCOVERY_BODY: usize = 64 * KIB;
/// HTML read to find the link to an ActivityPub document.
pub const LINK_DISCOVERY_BODY: usize = 256 * KIB;
/// A failed fetch that took this long, without a response, starts [`HOST_BACKOFF`]. Faster failures cost little.
pub const HOST_BACKOFF_THRESHOLD: Duration = Duration::from_secs(3);
/// Pause before a host is contacted again that did not respond, or responded 429 or 503.
pub const HOST_BACKOFF: Duration = Duration::from_secs(60);
/// Longest pause, whatever `Retry-After` specifies.
pub const HOST_BACKOFF_MAX: Duration = Duration::from_secs(HOUR);
/// Background fetches from one host in an hour.
pub const FETCHES_PER_HOST_PER_HOUR: usize = 300;
/// Background fetches from one host in an hour that unknown actors cause.
pub const UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR: usize = 60;
/// Background fetches from all hosts in an hour that unknown actors cause.
pub const UNKNOWN_ACTOR_FETCHES_PER_HOUR: usize = 600;
/// Look-ups of a visitor's server, by host and hour: this server is no tool to send another one many requests.
pub const VISITOR_FETCHES_PER_HOST_PER_HOUR: usize = 60;
/// Look-ups of the servers of visitors in an hour. Beyond, the page that Mastodon has is assumed.
pub const VISITOR_FETCHES_PER_HOUR: usize = 300;
/// Fetches that one incoming activity may cause.
pub const FETCHES_PER_ACTIVITY: usize = 20;

// ---- Link previews ----

/// HTML of a page that is read; the rest is left out. Large sites have their description behind several hundred kilobytes of
/// scripts, and Mastodon reads as much.
pub const PAGE_BODY: usize = MIB;
/// Fetching a page or its oEmbed description, with redirects: a preview is not worth a longer wait.
pub const PAGE_TIMEOUT: Duration = Duration::from_secs(10);
/// An oEmbed description.
pub const OEMBED_BODY: usize = 64 * KIB;
/// Elements of one kind that are read of a page.
pub const PAGE_ELEMENTS: usize = 200;
/// Bytes of one value of a page; a longer one is cut.
pub const PAGE_VALUE: usize = 8 * KIB;
/// JSON-LD blocks of a page, and bytes of one: an article is described in a few kilobytes.
pub const PAGE_JSON_LD: usize = 8;
/// Bytes of a JSON-LD block.
pub const PAGE_JSON_LD_BYTES: usize = 64 * KIB;
/// Links of a post that are examined for one that has a preview.
pub const CARD_LINKS_EXAMINED: usize = 10;
/// Characters of the title of a preview.
pub const CARD_TITLE_CHARS: usize = 300;
/// Characters of the description of a preview, and of its picture.
pub const CARD_DESCRIPTION_CHARS: usize = 1_000;
/// Characters of the description of a preview that web pages show.
pub const CARD_DESCRIPTION_SHOWN: usize = 200;
/// Characters of a name in a preview.
pub const CARD_NAME_CHARS: usize = 200;
/// Longest stated side of the picture of a preview in pixels.
pub const CARD_PICTURE_SIDE: u32 = 16_384;
/// The longest random delay before a linked page is fetched: all servers of the fediverse receive a post at the same time.
pub const CARD_DELAY: Duration = Duration::from_secs(60);
/// The same for the owner's own posts.
pub const CARD_DELAY_OF_OWNER: Duration = Duration::from_secs(5);
/// A page is not fetched again before this time.
pub const CARD_AGE: Duration = Duration::from_secs(14 * DAY);
/// A page that could not be fetched, or that describes nothing, is not fetched again before this time.
pub const CARD_RETRY_AGE: Duration = Duration::from_secs(3 * DAY);
/// Pages of one domain that are fetched in an hour, for the owner and for followed accounts each.
pub const CARDS_PER_DOMAIN_PER_HOUR: usize = 120;
/// Pages of one domain that are fetched in an hour because of unknown actors.
pub const CARDS_OF_UNKNOWN_ACTORS_PER_DOMAIN_PER_HOUR: usize = 20;
/// Pages that are fetched in an hour because of unknown actors.
pub const CARDS_OF_UNKNOWN_ACTORS_PER_HOUR: usize = 200;
/// Previews that retention removes in one step.
pub const CARDS_REMOVED: usize = 200;
/// Domains that may attribute their pages to an account (`attributionDomains`), as in Mastodon.
pub const ATTRIBUTION_DOMAINS: usize = 100;
/// Characters of a domain name.
pub const DOMAIN_CHARS: usize = 253;

// ---- Remote files ----

/// Files of the media directory that nothing refers to are kept for this time: their row may still come.
pub const ORPHAN_AGE: Duration = Duration::from_secs(HOUR);
/// Fetching a video or recording of another server.
pub const REMOTE_FILE_TIMEOUT: Duration = Duration::from_secs(600);
/// Fetching an image of another server.
pub const REMOTE_IMAGE_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes a second that another server sends on average, after [`READ_STALL`]; a slower one is given up.
pub const REMOTE_FILE_MIN_RATE: u64 = 16 * KIB as u64;
/// Connections that are opened for one file: an interrupted one is continued.
pub const REMOTE_FILE_ATTEMPTS: usize = 3;
/// Bytes by which the type of a remote file is detected: the first page of an Ogg file names its codec.
pub const REMOTE_FILE_SNIFFED: usize = 512;
/// Bytes of an image of another server.
pub const REMOTE_IMAGE_BYTES: u64 = 16 * MIB as u64;
/// Bytes of a video or recording of another server; Mastodon accepts 99 MB.
pub const REMOTE_STREAM_BYTES: u64 = 100 * MIB as u64;
/// Remote files that are fetched concurrently for the owner.
pub const REMOTE_FILE_FETCHERS: usize = 8;
/// Remote files that are fetched concurrently for visitors.
pub const REMOTE_FILE_FETCHERS_FOR_VISITORS: usize = 4;
/// Remote files that are fetched concurrently from one host, so that a slow one does not occupy all fetchers.
pub const REMOTE_FILE_FETCHERS_PER_HOST: usize = 2;
/// Remote files that wait to be fetched for the owner: a page of posts with their pictures in an app.
pub const WAITING_REMOTE_FILES: usize = 256;
/// Remote files that wait to be fetched for visitors.
pub const WAITING_REMOTE_FILES_FOR_VISITORS: usize = 64;
/// Remote files that are fetched in an hour because visitors request them.
pub const VISITOR_FILES_PER_HOUR: usize = 2_000;
/// Remote files that are fetched in an hour because one client requests them.
pub const VISITOR_FILES_PER_CLIENT_PER_HOUR: usize = 300;
/// Bytes of the remote files that are fetched in an hour because visitors request them.
pub const VISITOR_FILE_BYTES_PER_HOUR: usize = 512 * MIB;
/// When visitors may cause fetches again that have used up the quota of an hour.
pub const VISITOR_FILES_RETRY_AFTER: u32 = 600;
/// How long a request waits for a remote file to begin. The file is fetched further, for the next request.
pub const REMOTE_FILE_WAIT: Duration = Duration::from_secs(10);
/// Bytes after which a remote file is sent on while it arrives; a smaller one is sent when it is complete.
pub const REMOTE_FILE_STREAMED: u64 = 256 * KIB as u64;
/// Pauses before a remote file is fetched again that could not be fetched, by the number of failures.
pub const REMOTE_FILE_BACKOFF: [Duration; 4] = [
    Duration::from_secs(MINUTE),
    Duration::from_secs(10 * MINUTE),
    Duration::from_secs(HOUR),
    Duration::from_secs(6 * HOUR),
];
/// The same for a file that does not exist or is not served.
pub const REMOTE_FILE_ABSENT_BACKOFF: [Duration; 2] = [Duration::from_secs(HOUR), Duration::from_secs(DAY)];
/// Space for remote files, unless `storage.budget` specifies another.
pub const STORAGE_BUDGET: u64 = 2_000_000_000;
/// The least `storage.budget`: some pages with their pictures.
pub const STORAGE_BUDGET_MIN: u64 = 1_000_000;
/// The part of the budget that files have which only visitors were shown: one in this number.
pub const STORAGE_SHARE_OF_VISITORS: u64 = 2;
/// Space that is reserved at once for a file whose size its server does not state.
pub const STORAGE_STEP: u64 = MIB as u64;
/// The part of the budget that an eviction frees in addition to what is needed: one in this number.
pub const STORAGE_SLACK: u64 = 64;
/// Files that are evicted at once.
pub const REMOTE_FILES_EVICTED: u32 = 64;
/// A remote file that was not shown for this long is removed, so that no copy of a deleted emoji or preview stays.
pub const REMOTE_FILE_AGE: Duration = Duration::from_secs(30 * DAY);
/// The last use of a file is recorded again after this time.
pub const REMOTE_FILE_SHOWN_PRECISION: Duration = Duration::from_secs(10 * MINUTE);
/// Cached files that are checked in one step of the maintenance.
pub const REMOTE_FILES_CHECKED: u32 = 200;
/// A file in the cache without a row, or an unfinished download, is removed after this time: it may still arrive.
pub const REMOTE_FILE_ARRIVAL: Duration = Duration::from_secs(20 * MINUTE);
/// Files whose last use is kept in memory until it is stored; the use of further ones is not recorded.
pub const REMOTE_FILES_SHOWN: usize = 4_096;
/// How often the last use of files is stored.
pub const REMOTE_FILES_SHOWN_INTERVAL: Duration = Duration::from_secs(MINUTE);

// ---- Key fetches ----

/// Key fetches from unknown hosts in a minute.
pub const KEY_FETCHES_PER_MINUTE: usize = 120;
/// Key fetches from one unknown host in a minute: a large server shows us several new actors in that time.
pub const KEY_FETCHES_PER_HOST_PER_MINUTE: usize = 10;
/// Failed key fetches that one client causes in a minute.
pub const KEY_FAILURES_PER_CLIENT_PER_MINUTE: usize = 10;
/// Key fetches in a minute from hosts with stored actors, and the same again for hosts of followed accounts.
pub const KNOWN_KEY_FETCHES_PER_MINUTE: usize = 300;
/// Key fetches in a minute from one of these hosts.
pub const KNOWN_KEY_FETCHES_PER_HOST_PER_MINUTE: usize = 60;
/// Concurrent key fetches from unknown hosts: each occupies one of [`HANDLER_THREADS`] for up to a whole fetch.
pub const KEY_FETCHERS: usize = 6;
/// Concurrent key fetches from one unknown host.
pub const KEY_FETCHERS_PER_HOST: usize = 2;
/// Handlers that wait for a key fetch from unknown hosts; a further one responds 503. All fetchers and waiters together
/// are fewer than [`HANDLER_THREADS`].
pub const KEY_WAITERS: usize = 15;
/// Concurrent key fetches from hosts with stored actors.
pub const KNOWN_KEY_FETCHERS: usize = 4;
/// Handlers that wait for a key fetch from hosts with stored actors.
pub const KNOWN_KEY_WAITERS: usize = 8;
/// Concurrent key fetches from hosts of followed accounts.
pub const FOLLOWED_KEY_FETCHERS: usize = 2;
/// Handlers that wait for a key fetch from hosts of followed accounts.
pub const FOLLOWED_KEY_WAITERS: usize = 4;
/// How long a handler waits for a key fetch to begin.
pub const KEY_WAIT: Duration = Duration::from_secs(2);
/// How long it is remembered that the host of a key did not respond.
pub const KEY_UNREACHABLE_MEMORY: Duration = Duration::from_secs(60);
/// How long it is remembered that a key could not be used.
pub const KEY_FAILURE_MEMORY: Duration = Duration::from_secs(600);
/// Our copy of a key must be older than this to be fetched again after a failed verification.
pub const KEY_REFRESH_AGE: Duration = Duration::from_secs(300);

// ---- Backfill of threads and accounts ----

/// Interval between backfills of a profile or thread that the owner opens.
pub const BACKFILL_INTERVAL: Duration = Duration::from_secs(900);
/// Interval between backfills that the owner requests explicitly.
pub const BACKFILL_REQUEST_INTERVAL: Duration = Duration::from_secs(20);
/// A younger post has hardly any replies, so that its thread is not fetched.
pub const BACKFILL_MIN_POST_AGE: Duration = Duration::from_secs(300);
/// Hosts contacted concurrently by one backfill.
pub const BACKFILL_CONCURRENT_HOSTS: usize = 4;
/// Posts fetched by one backfill of a thread.
pub const THREAD_BACKFILL_POSTS: usize = 200;
/// Ancestors fetched of one thread.
pub const THREAD_BACKFILL_ANCESTORS: usize = 40;
/// Fetches of one backfill of a thread, with collections and their pages.
pub const THREAD_BACKFILL_FETCHES: usize = 300;
/// Pages read of one collection of a thread: sixty replies in pages of five are twelve.
pub const THREAD_BACKFILL_PAGES: usize = 20;
/// Duration of one backfill of a thread.
pub const THREAD_BACKFILL_TIME: Duration = Duration::from_secs(60);
/// Posts fetched of an account.
pub const ACCOUNT_BACKFILL_POSTS: usize = 20;
/// Pages read of the outbox of an account, because boosts in it do not count as posts.
pub const ACCOUNT_BACKFILL_PAGES: usize = 10;
/// Duration of one backfill of an account.
pub const ACCOUNT_BACKFILL_TIME: Duration = Duration::from_secs(60);
/// The actor is fetched before its posts if our copy is older than this.
pub const ACCOUNT_BACKFILL_ACTOR_AGE: Duration = Duration::from_secs(300);

// ---- Inbox ----

/// Activities in the inbox queue.
pub const INBOX_QUEUE: i64 = 20_000;
/// Activities of accounts that are not followed in the inbox queue.
pub const INBOX_QUEUE_UNFOLLOWED: i64 = 15_000;
/// Activities of one domain in the inbox queue.
pub const INBOX_QUEUE_PER_DOMAIN: i64 = 2_000;
/// Activities of one domain in an hour, without those of followed accounts and relays.
pub const UNFOLLOWED_ACTIVITIES_PER_DOMAIN_PER_HOUR: usize = 2_000;
/// Bytes of these activities. A row with its search index takes several times as much.
pub const UNFOLLOWED_BYTES_PER_DOMAIN_PER_HOUR: usize = 8 * MIB;
/// `Retry-After` for a domain beyond these quotas.
pub const UNFOLLOWED_RETRY_AFTER: u32 = 600;
/// Attempts to apply an activity before it is parked.
pub const INBOX_ATTEMPTS: i64 = 8;
/// A parked activity is removed at this age; `dassie status` counts them.
pub const PARKED_ACTIVITY_AGE: Duration = Duration::from_secs(30 * DAY);
/// Bytes of the activities applied in one commit; a larger one has its own. Parsed, an activity takes a few times its size.
pub const INBOX_BATCH_BYTES: usize = 2 * MIB;
/// Threads that fetch what incoming activities need.
pub const INBOX_FETCH_THREADS: usize = 8;
/// Activities in memory that wait for these threads; further ones stay rows.
pub const DEFERRED_ACTIVITIES: usize = 64;
/// Deferred activities that need the same host.
pub const DEFERRED_ACTIVITIES_PER_HOST: usize = 8;
/// An activity beyond these numbers is taken up again after this time.
pub const DEFERRED_ACTIVITY_DELAY: Duration = Duration::from_secs(10);
/// How much earlier than its activity an Undo may arrive.
pub const EARLY_UNDO_MEMORY: Duration = Duration::from_secs(10 * MINUTE);
/// Replies that arrived before their parent and enter the home timeline together with it.
pub const EARLY_REPLIES_SHOWN: u32 = 20;

// ---- Forwarding (ActivityPub section 7.1.2) ----

/// Levels up a thread that are searched for a post of the owner, whose followers a reply may be for.
pub const FORWARDING_LEVELS: usize = 4;
/// Replies of one actor forwarded in an hour. Each causes as many deliveries as there are servers of followers.
pub const FORWARDS_PER_ACTOR_PER_HOUR: usize = 30;
/// Replies of all actors of one host forwarded in an hour.
pub const FORWARDS_PER_HOST_PER_HOUR: usize = 300;
/// Waiting deliveries above which nothing is forwarded.
pub const FORWARDING_QUEUE: i64 = 100_000;

// ---- Background jobs ----

/// Threads that run jobs.
pub const JOB_WORKERS: usize = 4;
/// Of these, threads that run only jobs of the owner, so that an opened thread never waits for other causes.
pub const JOB_WORKERS_FOR_OWNER: usize = 1;
/// Waiting jobs that unknown actors caused; a longer queue would be outdated before its end.
pub const JOBS_FOR_UNKNOWN_ACTORS: i64 = 1_000;
/// Waiting jobs that unknown actors caused, for one host.
pub const JOBS_FOR_UNKNOWN_ACTORS_PER_HOST: i64 = 50;
/// Waiting jobs that followed accounts and relays caused.
pub const JOBS_FOR_FOLLOWED: i64 = 5_000;
/// Waiting jobs that followed accounts and relays caused, for one host: a community names many posts of its own.
pub const JOBS_FOR_FOLLOWED_PER_HOST: i64 = 1_000;
/// A job or activity whose worker did not finish is taken up again after this time.
pub const JOB_LEASE: Duration = Duration::from_secs(300);

// ---- Deliveries ----

/// Concurrent deliveries, one per host. Each holds a thread and a TLS connection, so that a small machine has few.
pub const DELIVERY_THREADS: usize = 16;
/// Further threads that replace those that wait for unresponsive hosts.
pub const DELIVERY_SPARE_THREADS: usize = 64;
/// Concurrent deliveries to the hosts of one domain: a follower whose domain has a thousand slow hosts would occupy all threads.
pub const DELIVERIES_PER_DOMAIN: usize = 8;
/// Time for one delivery.
pub const DELIVERY_TIMEOUT: Duration = Duration::from_secs(20);
/// Time to read the response body of a delivery: the status is known by then.
pub const DELIVERY_RESPONSE_TIMEOUT: Duration = Duration::from_secs(3);
/// Response body of a delivery, read to quote it and to reuse the connection.
pub const DELIVERY_RESPONSE_BODY: usize = 16 * KIB;
/// Characters quoted of the response to a delivery.
pub const DELIVERY_EXCERPT_CHARS: usize = 200;
/// Failed servers listed on the page of a post; the delivery report lists all.
pub const UNDELIVERED_SHOWN: usize = 10;
/// Posts of the home timeline that the page to catch up reads.
pub const CATCH_UP_POSTS: u32 = 400;
/// Posts in one page of the sitemap. The format allows 50,000; these are about 1 MB.
pub const SITEMAP_PAGE: usize = 10_000;
/// Pages of the sitemap.
pub const SITEMAP_PAGES: usize = 1_000;
/// Waits between the attempts of a delivery; after the last one it has failed (7 days in all).
pub const DELIVERY_BACKOFF: [Duration; 14] = [
    Duration::from_secs(MINUTE),
    Duration::from_secs(5 * MINUTE),
    Duration::from_secs(15 * MINUTE),
    Duration::from_secs(HOUR),
    Duration::from_secs(2 * HOUR),
    Duration::from_secs(4 * HOUR),
    Duration::from_secs(8 * HOUR),
    Duration::from_secs(12 * HOUR),
    Duration::from_secs(DAY),
    Duration::from_secs(DAY),
    Duration::from_secs(DAY),
    Duration::from_secs(DAY),
    Duration::from_secs(DAY),
    Duration::from_secs(DAY),
];
/// A delivery fails at this age, regardless of its attempts.
pub const DELIVERY_AGE: Duration = Duration::from_secs(8 * DAY);
/// A delivery to which a host responded this often with a server error no longer holds back later ones (an index has the
/// same number).
pub const DELIVERY_SERVER_ERRORS: i64 = 3;
/// Refused signatures before that is final: the host may have failed to fetch our key.
pub const DELIVERY_REFUSALS: i64 = 2;
/// Consecutive network failures or 5xx responses that open the circuit breaker of a host.
pub const BREAKER_FAILURES: i64 = 5;
/// Wait of an open breaker before one delivery is tried.
pub const BREAKER_PROBE: Duration = Duration::from_secs(30 * MINUTE);
/// A host that fails for longer gets only activities that correct its state: Delete, Undo, Follow, Accept, Reject.
pub const BREAKER_DEAD_AFTER: Duration = Duration::from_secs(7 * DAY);
/// Deliveries to a host are sent immediately when it contacts us after failing for at least this long. After a shorter time
/// it may be a host that reaches us though we cannot reach it.
pub const HOST_RECOVERY_MIN_OUTAGE: Duration = Duration::from_secs(60);

// ---- Streaming ----

/// Open streams. They do not count as [`CONNECTIONS`], and only tokens and sessions of the owner can open one.
pub const STREAMS: usize = 512;
/// Open streams of one token or session; a further one closes the oldest, because apps do not notice that a connection has
/// broken.
pub const STREAMS_PER_HOLDER: usize = 16;
/// Subscriptions of one connection.
pub const STREAM_SUBSCRIPTIONS: usize = 64;
/// Suggestions for a mention, hashtag or emoji that is being written.
pub const COMPLETIONS: u32 = 8;
/// Emoji that the picker of the compose form shows.
pub const PICKER_EMOJI: usize = 400;
/// New posts that the script of an open page inserts at once.
pub const LIVE_POSTS: u32 = 40;
/// A message of a client; a subscription takes a few hundred bytes.
pub const STREAM_MESSAGE: usize = 4 * KIB;
/// Events that may wait for a client. One that reads more slowly is disconnected.
pub const STREAM_EVENTS: usize = 256;
/// The heartbeat of Server-Sent Events; proxies close connections that are silent for a minute.
pub const STREAM_HEARTBEAT: Duration = Duration::from_secs(15);
/// The ping of WebSockets; a client that sends nothing for two of them is gone.
pub const STREAM_PING: Duration = Duration::from_secs(30);
/// A status that is older when it arrives is not streamed, as in Mastodon: it is no news.
pub const STREAM_STATUS_AGE: Duration = Duration::from_secs(6 * HOUR);
/// Newest posts of a deleted account whose deletion is streamed; apps show no more of it.
pub const STREAMED_DELETIONS: u32 = 400;

// ---- Web Push ----

/// Push subscriptions; a further one replaces the oldest.
pub const PUSH_SUBSCRIPTIONS: i64 = 20;
/// How long a push service keeps a message, and the age up to which a notification is sent.
pub const PUSH_AGE: Duration = Duration::from_secs(2 * DAY);
/// A message before encryption: push services accept 4 KiB, and the encryption takes 103 bytes of it.
pub const PUSH_MESSAGE: usize = 3_900;
/// Characters of a post in a message; phones show two lines.
pub const PUSH_BODY_CHARS: usize = 140;
/// Characters of a name in a message.
pub const PUSH_NAME_CHARS: usize = 100;
/// A subscription is removed after this many messages in a row were refused for another reason than overload.
pub const PUSH_REFUSALS: i64 = 5;

// ---- Retention ----

/// An actor that nothing references is deleted this long after its last fetch.
pub const UNREFERENCED_ACTOR_AGE: Duration = Duration::from_secs(7 * DAY);
/// Actors examined in one round of garbage collection.
pub const ACTOR_GC_EXAMINED: i64 = 10_000;
/// Actors deleted in one write, so that other writers do not wait long.
pub const ACTOR_GC_DELETIONS: usize = 200;
/// A post of an unfollowed account without a tie to the owner is removed this long after it was written and stored.
pub const UNFOLLOWED_POST_AGE: Duration = Duration::from_secs(90 * DAY);
/// Bytes of posts of unfollowed accounts that mention the owner. The oldest beyond are removed, unless the owner reacted to
/// them.
pub const UNFOLLOWED_MENTION_BYTES: i64 = 64 * 1024 * 1024;
/// Posts examined in one round of retention.
pub const RETENTION_EXAMINED: u32 = 5_000;
/// Posts removed in one write, so that other writers do not wait long.
pub const RETENTION_DELETIONS: usize = 100;
/// Uploads of a deleted post stay on the disk this long, not served, for apps that delete and redraft.
pub const REDRAFT_UPLOAD_AGE: Duration = Duration::from_secs(HOUR);

// ---- Size of pages and responses ----

/// Posts of a thread that are ordered and counted, without their texts (40 bytes each).
pub const THREAD_TREE_POSTS: usize = 10_000;
/// Replies on one page of a thread.
pub const THREAD_PAGE_REPLIES: usize = 50;
/// Ancestors on one page of a thread.
pub const THREAD_PAGE_ANCESTORS: usize = 20;
/// Bytes of the texts on one page of a thread; 24 handlers with four copies of each text take 50 MB.
pub const THREAD_PAGE_BYTES: usize = 512 * KIB;
/// Ancestors in the context that anonymous API clients get (as in Mastodon).
pub const CONTEXT_ANCESTORS: usize = 40;
/// Replies in the context that anonymous API clients get (as in Mastodon).
pub const CONTEXT_DESCENDANTS: usize = 60;
/// Depth of these replies (as in Mastodon).
pub const CONTEXT_DEPTH: usize = 20;
/// Bytes of the texts of this context; the reason is that of [`THREAD_PAGE_BYTES`].
pub const CONTEXT_BYTES: usize = 512 * KIB;
/// Bytes of this context with everything that its posts are shown with, above all their authors.
pub const CONTEXT_ENTITY_BYTES: usize = MIB;
/// Ancestors, and replies, in the context that the owner gets (as in Mastodon).
pub const CONTEXT_POSTS_FOR_OWNER: usize = 4_096;
/// Bytes of the texts of this context; only apps of the owner can request so much.
pub const CONTEXT_BYTES_FOR_OWNER: usize = 4 * MIB;
/// The same with everything that its posts are shown with: 4,096 usual posts take 18 MB.
pub const CONTEXT_ENTITY_BYTES_FOR_OWNER: usize = 24 * MIB;
/// Bytes of the posts on one page of a timeline, with everything that they are shown with; 40 usual ones take 200 kB. A shorter
/// page has a link to the next.
pub const LISTED_BYTES: usize = 2 * MIB;
/// Bytes of the `img` elements of custom emoji in one post: about 150 of usual length.
pub const EMOJI_HTML: usize = 32 * KIB;
/// Bytes of the `img` elements of custom emoji in one name.
pub const EMOJI_HTML_IN_NAME: usize = 4 * KIB;
/// Different emoji reactions shown of one post.
pub const REACTIONS_SHOWN: usize = 50;
/// Bytes of the picture URLs of these reactions.
pub const REACTION_URL_BYTES: usize = 8 * KIB;
/// Bytes of the earlier versions of one post that are shown, newest first.
pub const EDIT_HISTORY_BYTES: usize = MIB;
/// Participants shown of one conversation.
pub const CONVERSATION_ACTORS: usize = 20;
/// Characters of the description, privacy policy and terms of the server, each.
pub const INSTANCE_TEXT_CHARS: usize = 20_000;
/// Rules of the server.
pub const RULES: usize = 20;
/// Characters of a rule.
pub const RULE_CHARS: usize = 300;
/// Servers of `instance/peers`: more are of no use to a reader, and cost a megabyte.
pub const PEERS: u32 = 20_000;
/// The owner's newest posts whose languages are those of the server.
pub const LANGUAGE_POSTS: u32 = 100;
/// Languages of the server.
pub const INSTANCE_LANGUAGES: u32 = 8;
/// Characters of a search query.
pub const SEARCH_QUERY_CHARS: usize = 256;
/// Results of a search that can be skipped; each is read. `max_id` reaches all posts.
pub const SEARCH_OFFSET: u32 = 1_000;
/// Words, phrases and operators of a search.
pub const SEARCH_CLAUSES: usize = 24;
/// Words of a name that is searched: each is looked for in all names.
pub const SEARCH_NAMES: usize = 4;
/// The closest names of which everyone but the owner finds the authors of open posts.
pub const SEARCH_NAMES_FOR_EVERYONE: i64 = 1_000;
/// Characters of a word in the search index. Longer ones are ids and keys, of which the beginning is enough.
pub const SEARCH_WORD_CHARS: usize = 48;
/// Characters before a `*`, which reads the posts of all words that begin with them: short beginnings have too many.
pub const SEARCH_PREFIX_CHARS: usize = 3;
/// Uses of hashtags that one search counts: each is checked for its visibility, which takes some microseconds.
pub const HASHTAG_USES_SEARCHED: u32 = 5_000;

// ---- Posts of the owner ----

/// Characters of a post.
pub const POST_CHARS: usize = 5_000;
/// Characters of a content warning: Misskey drops a whole post with a longer one.
pub const POST_SUMMARY_CHARS: usize = 512;
/// Characters that a link counts for (as in Mastodon).
pub const POST_CHARS_PER_URL: usize = 23;
/// Attachments of a post.
pub const POST_MEDIA: usize = 4;
/// Mentions in a post.
pub const POST_MENTIONS: usize = 20;
/// Hashtags in a post.
pub const POST_HASHTAGS: usize = 30;
/// Characters of an image description.
pub const ALT_CHARS: usize = 5_000;
/// Characters of the title of a post in a community (Lemmy takes 200).
pub const GROUP_TITLE_CHARS: usize = 200;
/// Options of a poll.
pub const POST_POLL_OPTIONS: usize = 6;
/// Duration of a poll in seconds: five minutes to a month, as in Mastodon.
pub const POLL_SECONDS: RangeInclusive<u64> = 300..=2_678_400;
/// Interval at which new counts of a poll are sent.
pub const POLL_UPDATE_INTERVAL: Duration = Duration::from_secs(120);
/// Pinned posts.
pub const PINS: usize = 5;

// ---- Notifications of the owner ----

/// Notifications read for one page of groups: a post that goes viral has many in one group.
pub const GROUPED_NOTIFICATIONS_READ: u32 = 5_000;
/// Actors named with one group (as in Mastodon).
pub const GROUP_ACTORS_SHOWN: i64 = 8;
/// A group takes notifications of this many hours (as in Mastodon).
pub const NOTIFICATION_GROUP_HOURS: i64 = 12;
/// An account counts as new for this long in the notification policy (as in Mastodon).
pub const NEW_ACCOUNT_AGE: Duration = Duration::from_secs(30 * DAY);
/// A follower counts as one in the notification policy after this time (as in Mastodon).
pub const NEW_FOLLOWER_AGE: Duration = Duration::from_secs(3 * DAY);
/// Filtered notifications that are kept: anyone can cause them.
pub const FILTERED_NOTIFICATIONS: i64 = 5_000;

// ---- Filters of the owner ----

/// Filters.
pub const FILTERS: i64 = 500;
/// Title of a filter (as in Mastodon).
pub const FILTER_TITLE_CHARS: usize = 256;
/// One keyword (as in Mastodon).
pub const FILTER_KEYWORD_CHARS: usize = 512;
/// Keywords of all filters.
pub const FILTER_KEYWORDS: i64 = 2_000;
/// Bytes of all keywords: compiled, they take about twenty times as much.
pub const FILTER_KEYWORD_BYTES: i64 = 64 * KIB as i64;
/// Posts named by all filters.
pub const FILTER_STATUSES: i64 = 2_000;
/// Seconds until a filter expires, at most: a hundred years.
pub const FILTER_AGE: u64 = 36_525 * DAY;
/// Reads for one page of which filters hide a part. If they hide nearly everything, the page is short and has a link to
/// the next.
pub const FILTER_PAGE_READS: usize = 8;

// ---- Profile of the owner ----

/// Profile fields.
pub const OWNER_FIELDS: usize = 8;
/// Characters of the display name.
pub const OWNER_NAME_CHARS: usize = 100;
/// Characters of the biography.
pub const OWNER_NOTE_CHARS: usize = 5_000;
/// Characters of the user name.
pub const OWNER_USERNAME_CHARS: usize = 30;

// ---- Appearance ----

/// Characters of an accent colour that an error repeats.
pub const ACCENT_CHARS: usize = 30;
/// Characters of the version in the address of a stylesheet or icon.
pub const VERSION_CHARS: usize = 12;
/// Bytes of the owner's style rules; every visitor loads them. In a form each byte may take three.
pub const OWN_CSS: usize = 64 * KIB;
/// Bytes of the icon of the server in one size: 512 x 512 pixels that cannot be compressed.
pub const ICON_BYTES: usize = MIB + 64 * KIB;

// ---- Custom emoji of the owner ----

/// Custom emoji. Apps load the list of all of them, about 300 bytes each.
pub const CUSTOM_EMOJI: u32 = 3_000;
/// The fewest characters of a shortcode, as in Mastodon.
pub const EMOJI_CHARS_MIN: usize = 2;
/// Bytes of an uploaded picture of an emoji.
pub const EMOJI_UPLOAD_BYTES: usize = MIB;
/// Bytes of a stored emoji: Mastodon does not show larger ones.
pub const EMOJI_BYTES: usize = 256 * KIB;
/// Width and height of a stored emoji in pixels. Apps show it at most 32 pixels high, on screens with up to four for each.
pub const EMOJI_SIZE: (u32, u32) = (512, 128);
/// Longest side of an animated emoji in pixels. Animations are not scaled.
pub const EMOJI_ANIMATION_SIDE: u32 = 512;
/// Files in a pack of emoji, folders and descriptions too.
pub const EMOJI_PACK_FILES: usize = 5_000;
/// Bytes that are unpacked of a pack, twice: for its description and its pictures.
pub const EMOJI_PACK_BYTES: u64 = 256 * MIB as u64;
/// Bytes of the description of a pack: one of 3,000 emoji by Misskey has about one million.
pub const EMOJI_PACK_DESCRIPTION: usize = 4 * MIB;
/// Bytes of the list of the emoji of another server: 10,000 take about 3 MiB.
pub const EMOJI_LIST: usize = 8 * MIB;
/// Characters of the category of an emoji.
pub const EMOJI_CATEGORY_CHARS: usize = 50;

// ---- Images ----

/// Bytes of an uploaded image.
pub const IMAGE_BYTES: usize = 16 * MIB;
/// Pixels of an image (8K).
pub const IMAGE_PIXELS: u64 = 33_177_600;
/// Pixels of one side of an image.
pub const IMAGE_SIDE: u32 = 16_384;
/// Bytes of an opaque PNG above which it is stored as JPEG: then it is a photograph, not a drawing.
pub const IMAGE_PNG_BYTES: usize = 4 * MIB;
/// Memory of an image that cannot be decoded by rows (WebP, interlaced PNG, progressive JPEG), besides the image that is
/// made of it: with the server itself that is less than 128 MiB.
pub const IMAGE_DECODE_MEMORY: usize = 64 * MIB;
/// Bytes of the colour profile of an image. Those of presses have half a million.
pub const IMAGE_PROFILE_BYTES: usize = MIB;
/// Memory of the metadata of an image, and of the small buffers of a decoder.
pub const IMAGE_METADATA_MEMORY: usize = 4 * MIB;
/// Frames stored of an animation.
pub const ANIMATION_FRAMES: usize = 300;
/// Pixels of all frames of an animation.
pub const ANIMATION_PIXELS: u64 = 40_000_000;
/// Longest side of a stored image in pixels.
pub const IMAGE_STORED_SIDE: u32 = 3_840;
/// Pixels of a stored image (4K, as in Mastodon).
pub const IMAGE_STORED_PIXELS: u32 = 8_294_400;
/// Longest side of a preview in pixels.
pub const IMAGE_PREVIEW_SIDE: u32 = 640;
/// Bytes of a preview; its quality is lowered to reach this.
pub const IMAGE_PREVIEW_BYTES: usize = 60 * KIB;
/// Bytes of an uploaded video or recording.
pub const VIDEO_BYTES: usize = 40 * MIB;
/// Pixels of a video (4K, as in Mastodon).
pub const VIDEO_PIXELS: u64 = 8_294_400;
/// Frames in a second of a video, on average (as in Mastodon).
pub const VIDEO_FRAME_RATE: u32 = 120;
/// Bytes of each part of a container that is read into memory: the index of an hour of video has about one million.
pub const CONTAINER_HEADER: usize = 8 * MIB;
/// Parts of a container: boxes, elements, chunks of a track.
pub const CONTAINER_PARTS: usize = 200_000;
/// Bytes in an MP3 file that belong to no frame.
pub const MP3_GARBAGE: usize = 64 * KIB;
/// An upload: a video with its thumbnail, or two pictures of a profile, and the form.
pub const UPLOAD_BODY: usize = VIDEO_BYTES + IMAGE_BYTES + FORM_BODY;
/// Side of an avatar in pixels.
pub const AVATAR_SIDE: u32 = 400;
/// Width and height of a profile header in pixels.
pub const HEADER_SIZE: (u32, u32) = (1_500, 500);
