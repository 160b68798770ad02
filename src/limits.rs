//! Every bound on what comes from outside, with its reason. Nothing outside is read without one of these.
//!
//! Sizes are bytes and times are seconds unless the name says otherwise.

use std::time::Duration;

// ---- connections and requests in ----

/// Open inbound connections: 512 read buffers of 16 KiB are 8 MiB.
pub const CONNECTIONS: usize = 512;
/// The same from one address (or /64), unless it is a trusted proxy.
pub const CONNECTIONS_PER_ADDRESS: usize = 32;
/// Requests of one client under way at once, as a trusted proxy names it: a page with all its pictures over HTTP/2.
pub const REQUESTS_PER_CLIENT: usize = 64;
/// A request without progress for this long gives way to another of the same client.
pub const REQUEST_STALL: Duration = Duration::from_secs(1);
/// A response of which the client takes nothing for this long is cut off.
pub const WRITE_STALL: Duration = Duration::from_secs(30);
/// Bytes a second that the client must take on average, once a response waits for it.
pub const WRITE_RATE: usize = 4 * 1024;
/// The socket's send buffer: what the system holds for each reader, and how finely its progress is seen.
pub const SEND_BUFFER: usize = 128 * 1024;
/// A piece of a response on its way to the socket; each connection holds two.
pub const SEND_PIECE: usize = 32 * 1024;
/// Static files of the owner up to this size are read whole and compressed; larger ones are streamed.
pub const STATIC_IN_MEMORY: u64 = 256 * 1024;
/// A client must finish its request head in this time (slowloris); also how long a connection may be idle.
pub const HEAD_READ: Duration = Duration::from_secs(10);
/// A whole request body must arrive in this time.
pub const BODY_READ: Duration = Duration::from_secs(30);
/// A body of which nothing comes for this long is given up.
pub const BODY_STALL: Duration = Duration::from_secs(5);
/// The same for an upload, which may come from a telephone on a train.
pub const UPLOAD_STALL: Duration = Duration::from_secs(30);
/// Bytes a second that a body must come at on average, after [`BODY_GRACE`].
pub const BODY_RATE: usize = 16 * 1024;
/// How long a body may take before its rate counts.
pub const BODY_GRACE: Duration = Duration::from_secs(10);
/// An upload may take longer than a form.
pub const UPLOAD_READ: Duration = Duration::from_secs(900);
/// Request head size; hyper's own default of 400 KiB is too much for a small machine.
pub const HEAD_BYTES: usize = 32 * 1024;
/// Request headers; peers send about twenty.
pub const HEADERS: usize = 64;
/// Handlers at work at once; the rest wait.
pub const HANDLERS: usize = 40;
/// Handlers that work only for the owner, when all others are taken.
pub const HANDLERS_OF_OWNER: usize = 4;
/// Threads that look up whether a request is the owner's: one indexed read each.
pub const OWNER_CHECKS: usize = 4;
/// Threads for all of these, and for reading pieces of files.
pub const BLOCKING_THREADS: usize = HANDLERS + HANDLERS_OF_OWNER + OWNER_CHECKS + 8;
/// Sign-ins of new browsers that wait for their turn; they hold no thread.
pub const SIGN_INS_WAITING: usize = 64;
/// Handlers waiting for a place; one more is told to come back (503).
pub const HANDLERS_WAITING: usize = 256;
/// An activity posted to an inbox (Mastodon and Lemmy use the same).
pub const INBOX_BODY: usize = 1024 * 1024;
/// All request bodies that are in memory together, read or being read.
pub const BODIES: usize = 64 * 1024 * 1024;
/// The part of it that only the owner's bodies use: one upload of the largest kind, and forms.
pub const BODIES_OF_OWNER: usize = 36 * 1024 * 1024;
/// The part of it that only small bodies use, and small is up to [`SMALL_BODY`].
pub const SMALL_BODIES: usize = 8 * 1024 * 1024;
/// A small body: nearly every activity and form.
pub const SMALL_BODY: usize = 64 * 1024;
/// Large bodies of one client at once.
pub const BODIES_OF_CLIENT: usize = 4 * 1024 * 1024;
/// An API form or JSON body; a post is at most 20 kB of text.
pub const FORM_BODY: usize = 256 * 1024;
/// Fields in one form, query or multipart body.
pub const FORM_FIELDS: usize = 1_000;
/// Bytes of the name of a form field, brackets included; the longest that apps send has about forty.
pub const FORM_KEY: usize = 256;
/// Nesting of a JSON body that is read as a form; `data[alerts][mention]` has three levels.
pub const FORM_DEPTH: usize = 8;
/// A path with its query.
pub const TARGET: usize = 8 * 1024;
/// Open requests may take this long to finish when the server stops.
pub const SHUTDOWN_REQUESTS: Duration = Duration::from_secs(5);
/// The same for workers.
pub const SHUTDOWN_WORKERS: Duration = Duration::from_secs(4);
/// The process ends after this time, whatever is still at work; service managers kill after 15 s and more.
pub const SHUTDOWN: Duration = Duration::from_secs(12);
/// Free space below which what other servers send is refused, in MiB, unless the configuration says otherwise.
pub const FREE_DISK_MB: u64 = 256;
/// How old the last look at the free space may be.
pub const DISK_LOOK: Duration = Duration::from_secs(2);
/// Seconds that other servers are asked to wait while the disk is nearly full.
pub const DISK_RETRY_AFTER: u32 = 600;
/// Seconds that a client is asked to wait when we are full.
pub const BUSY_RETRY_AFTER: u32 = 30;
/// Seconds that a client is asked to wait while another process holds the database: backups and shells soon let go.
pub const LOCKED_RETRY_AFTER: u32 = 5;
/// Seconds that a client is asked to wait while the disk is full or read-only: a person has to do something first.
pub const STORAGE_RETRY_AFTER: u32 = 300;

// ---- JSON from outside ----

/// Nesting of a JSON document; real activities stay under 12.
pub const JSON_DEPTH: usize = 32;
/// Values in a JSON document.
pub const JSON_NODES: usize = 20_000;
/// One JSON string.
pub const JSON_STRING: usize = 256 * 1024;
/// An ActivityPub id or any URL (Mitra caps ids at 2,000).
pub const URL: usize = 2_048;

// ---- remote documents ----

/// HTML of a remote post before cleaning.
pub const REMOTE_HTML: usize = 100 * 1024;
/// The same after cleaning.
pub const CLEAN_HTML: usize = 64 * 1024;
/// Nesting of remote HTML (ammonia had a recursion advisory).
pub const HTML_DEPTH: usize = 64;
/// Elements in remote HTML.
pub const HTML_ELEMENTS: usize = 5_000;
/// Tags (mentions, hashtags, emoji) read from one object.
pub const REMOTE_TAGS: usize = 200;
/// Mentions kept of one remote post.
pub const REMOTE_MENTIONS: usize = 50;
/// Hashtags kept of one remote post.
pub const REMOTE_HASHTAGS: usize = 50;
/// Custom emoji kept of one remote object.
pub const REMOTE_EMOJI: usize = 50;
/// Bytes of their names and addresses together: real ones take 100 bytes each, and every response repeats them.
pub const REMOTE_EMOJI_BYTES: usize = 16 * 1024;
/// Bytes of the descriptions of all attachments of one remote post.
pub const REMOTE_ALT_BYTES: usize = 48 * 1024;
/// Attachments kept of one remote post.
pub const REMOTE_ATTACHMENTS: usize = 16;
/// Addressees read of one activity.
pub const REMOTE_AUDIENCE: usize = 1_000;
/// Options kept of a remote poll; of those that exist none was seen with more than 60. What is left out is said.
pub const REMOTE_POLL_OPTIONS: usize = 100;
/// Characters of a poll option.
pub const POLL_OPTION_CHARS: usize = 200;
/// Bytes of a remote poll option as its server writes it, which a vote repeats.
pub const POLL_OPTION_NAME: usize = 1_024;
/// Characters of an actor's display name.
pub const ACTOR_NAME_CHARS: usize = 200;
/// Characters of an actor's user name (Ditto uses 64 hex digits).
pub const ACTOR_USERNAME_CHARS: usize = 128;
/// HTML of an actor's biography.
pub const ACTOR_NOTE: usize = 20 * 1024;
/// Profile fields of an actor.
pub const ACTOR_FIELDS: usize = 20;
/// Characters of a profile field's name.
pub const ACTOR_FIELD_NAME_CHARS: usize = 500;
/// Characters of a profile field's value.
pub const ACTOR_FIELD_VALUE_CHARS: usize = 2_000;
/// Former ids of an actor.
pub const ACTOR_ALIASES: usize = 10;
/// Public keys of an actor.
pub const ACTOR_KEYS: usize = 8;
/// Characters of a content warning or title.
pub const SUMMARY_CHARS: usize = 2_000;
/// Characters of a remote image description.
pub const REMOTE_ALT_CHARS: usize = 10_000;
/// Characters of a hashtag.
pub const HASHTAG_CHARS: usize = 100;
/// Characters of an emoji shortcode.
pub const EMOJI_CHARS: usize = 64;
/// Attributes read of one HTML element (real posts use five; a thousand would only cost time).
pub const HTML_ATTRIBUTES: usize = 16;
/// Objects read of one activity (a Flag names an actor and some posts; nothing else names many).
pub const ACTIVITY_OBJECTS: usize = 200;
/// Characters of the title that a post of the owner gets in a community (Lemmy takes 200).
pub const GROUP_TITLE_CHARS: usize = 200;
/// Options of a poll of the owner.
pub const POST_POLL_OPTIONS: usize = 6;
/// How long a poll of the owner runs, in seconds: five minutes to a month, as in Mastodon.
pub const POLL_SECONDS: std::ops::RangeInclusive<u64> = 300..=2_678_400;
/// New counts of a poll of the owner are told at most so often.
pub const POLL_COUNTS_EVERY: Duration = Duration::from_secs(120);
/// Emoji reactions of one actor to one post.
pub const REACTIONS_PER_ACTOR: i64 = 8;
/// Posts of a server that are looked at to tell whether it rates posts up and down.
pub const STATUSES_LOOKED_AT: i64 = 2_000;
/// Open complaints that one host may leave here.
pub const REPORTS_PER_HOST: i64 = 100;
/// Posts named in one complaint.
pub const REPORT_OBJECTS: usize = 50;
/// Former states kept of one post.
pub const FORMER_STATES: i64 = 100;
/// Pinned posts kept of an actor elsewhere.
pub const REMOTE_PINS: usize = 20;
/// How old the documents may be on which a move is believed.
pub const MOVE_FRESH: Duration = Duration::from_secs(300);
/// How often a move that one of the documents contradicts is judged again, with the document fetched again each time:
/// after a minute and after five.
pub const DOUBTED_ATTEMPTS: i64 = 2;
/// The same for one that contradicts the move; it is fetched once more.
pub const MOVE_DOUBTED: Duration = Duration::from_secs(20);
/// A retired key of ours is still published, and signs for hosts that do not know its successor yet, for so long:
/// WordPress keeps a key for a week, and a delivery waits for eight days at the most.
pub const RETIRED_KEY_AGE: Duration = Duration::from_secs(14 * 24 * 3_600);
/// After a host took the announcement of a new key, it gets so long to read it: Misskey answers 202 before that, and
/// drops what it cannot verify.
pub const KEY_SETTLES: Duration = Duration::from_secs(5);
/// Hosts to which a new key is announced besides those of followers, those heard last first.
pub const KEY_ANNOUNCED_HOSTS: usize = 5_000;
/// Times that a host may refuse our signatures while it may still keep the key before: 27 hours of attempts, because
/// Lemmy keeps a key for a day.
pub const DELIVERY_REFUSALS_AFTER_ROTATION: i64 = 8;
/// Characters of the comment of a complaint.
pub const REPORT_COMMENT_CHARS: usize = 1_000;
/// A profile or thread that the owner opens is asked for at most so often.
pub const REPLENISH_EVERY: Duration = Duration::from_secs(900);
/// And so often when the owner says so.
pub const REPLENISH_ASKED_EVERY: Duration = Duration::from_secs(20);
/// A post younger than this has hardly any answers yet.
pub const REPLENISH_YOUNG: Duration = Duration::from_secs(300);
/// Replies, or posts above one, that are read of a thread (without their texts: 40 bytes each) to order and count them.
pub const THREAD_WALK: usize = 10_000;
/// Replies on one page of a thread.
pub const THREAD_PAGE_REPLIES: usize = 50;
/// Posts above the one that a page of a thread is about.
pub const THREAD_PAGE_ANCESTORS: usize = 20;
/// Bytes of their texts: with 24 handlers at work, and four copies of each text while a page is made, 50 MB.
pub const THREAD_PAGE_BYTES: usize = 512 * 1024;
/// Ancestors in the context that anonymous clients of the API get (this and the next two as in Mastodon).
pub const CONTEXT_ANCESTORS: usize = 40;
/// Replies in it.
pub const CONTEXT_DESCENDANTS: usize = 60;
/// How deep those are.
pub const CONTEXT_DEPTH: usize = 20;
/// Bytes of their texts, as [`THREAD_PAGE_BYTES`].
pub const CONTEXT_BYTES: usize = 512 * 1024;
/// Ancestors, and replies, in the context that the owner gets (as in Mastodon).
pub const CONTEXT_OF_OWNER: usize = 4_096;
/// Bytes of their texts; only the owner's apps can ask for so much.
pub const CONTEXT_BYTES_OF_OWNER: usize = 4 * 1024 * 1024;
/// Bytes of pictures of custom emoji that a page puts into one post: some 150 of the usual length.
pub const EMOJI_HTML: usize = 32 * 1024;
/// The same in a name.
pub const EMOJI_HTML_IN_NAME: usize = 4 * 1024;
/// Different reactions shown of one post.
pub const REACTIONS_SHOWN: usize = 50;
/// Bytes of the addresses of their pictures.
pub const REACTION_URLS: usize = 8 * 1024;
/// Bytes of the former states of one post that are shown, the newest.
pub const HISTORY_BYTES: usize = 1024 * 1024;
/// Posts fetched for one thread at once.
pub const THREAD_POSTS: usize = 200;
/// Fetches for one thread at once, collections and pages too.
pub const THREAD_FETCHES: usize = 300;
/// Pages read of one list of a thread: sixty answers in pages of five are twelve.
pub const THREAD_PAGES: usize = 20;
/// Pages read of the outbox of one profile, because boosts in it do not count.
pub const BACKFILL_PAGES: usize = 10;
/// The actor of a profile is fetched before its posts when our copy is older than this.
pub const BACKFILL_ACTOR_AGE: Duration = Duration::from_secs(300);
/// How long the posts of one profile are asked for.
pub const BACKFILL_TIME: Duration = Duration::from_secs(60);
/// How long one thread is worked on.
pub const THREAD_TIME: Duration = Duration::from_secs(60);
/// Hosts that are asked at the same time for the posts of one thread.
pub const FETCH_LANES: usize = 4;
/// Fetches in the background from one host in an hour.
pub const FETCHES_PER_HOST_PER_HOUR: usize = 300;
/// The same of what strangers bring to our notice.
pub const STRANGER_FETCHES_PER_HOST_PER_HOUR: usize = 60;
/// And from all hosts together.
pub const STRANGER_FETCHES_PER_HOUR: usize = 600;
/// Which form of signature a host takes is remembered for so long.
pub const SIGNATURE_FORM_MEMORY: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Threads that fetch what incoming activities need.
pub const INBOX_FETCHERS: usize = 8;
/// Bytes of the activities that are read and applied in one commit; a larger one is a commit by itself. Read, an activity
/// takes a few times its size.
pub const INBOX_BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Activities that wait for those threads, with their bodies in memory; the rest stay rows.
pub const ERRANDS: usize = 64;
/// The same that need one server.
pub const ERRANDS_PER_HOST: usize = 8;
/// An activity for which there was no room is looked at again after so long.
pub const ERRAND_WAIT: Duration = Duration::from_secs(10);
/// Threads that work on jobs.
pub const JOB_WORKERS: usize = 4;
/// Of them, those that work only for the owner, so that an opened thread never waits for what others cause.
pub const JOB_WORKERS_OF_OWNER: usize = 1;
/// Jobs that wait because strangers named something: more would be older than anybody's interest.
pub const JOBS_FOR_STRANGERS: i64 = 1_000;
/// The same about one host.
pub const JOBS_FOR_STRANGERS_PER_HOST: i64 = 50;
/// Jobs that wait because of somebody followed, or of a relay.
pub const JOBS_FOR_FOLLOWED: i64 = 5_000;
/// The same about one host (a followed community names many posts of its own).
pub const JOBS_FOR_FOLLOWED_PER_HOST: i64 = 1_000;
/// A job or activity that nobody finished is taken up again after so long.
pub const JOB_LEASE: Duration = Duration::from_secs(300);
/// Actors named in one rule of an interaction policy.
pub const POLICY_ACTORS: usize = 50;
/// Items read of one collection page (Mastodon pages hold 12 to 60, Lemmy's outbox 20).
pub const COLLECTION_ITEMS: usize = 1_000;
/// Bytes of one public key as text; a PEM of RSA 8192 is 1.4 kB.
pub const KEY_TEXT: usize = 8 * 1024;

// ---- signatures ----

/// How far the clock of another server may be ahead for the time of a post to be kept as it is stated.
pub const CLOCK_AHEAD: Duration = Duration::from_secs(5 * 60);
/// How far a signature's clock may be from ours, either way.
pub const SIGNATURE_CLOCK_SKEW: Duration = Duration::from_secs(3_600);
/// How old the proof inside an activity may be that somebody else brings than who made it.
pub const PROOF_AGE: Duration = Duration::from_secs(3_600);
/// How long a signature or activity id is remembered against replay.
pub const REPLAY_MEMORY: Duration = Duration::from_secs(24 * 3_600);
/// Bytes of a `Signature` or `Signature-Input` header.
pub const SIGNATURE_HEADER: usize = 8 * 1024;
/// Smallest and largest RSA modulus accepted, in bits (ring verifies 2048 to 8192).
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

// ---- requests out ----

/// Connecting to another server.
pub const CONNECT: Duration = Duration::from_secs(5);
/// A host that kept a fetch waiting for so long, in vain, is not asked again for [`COOL_DOWN`].
pub const LONG_SILENCE: Duration = Duration::from_secs(3);
/// How long a host is left in peace that does not answer, or that answers 429 or 503.
pub const COOL_DOWN: Duration = Duration::from_secs(60);
/// The same at the most, whatever its `Retry-After` says.
pub const COOL_DOWN_MAX: Duration = Duration::from_secs(3_600);
/// A whole fetch of a document.
pub const FETCH_TOTAL: Duration = Duration::from_secs(15);
/// A whole delivery.
pub const DELIVERY_TOTAL: Duration = Duration::from_secs(20);
/// A whole media download.
pub const MEDIA_TOTAL: Duration = Duration::from_secs(120);
/// A fetched ActivityPub document.
pub const FETCH_BODY: usize = 1024 * 1024;
/// A WebFinger or NodeInfo document.
pub const DISCOVERY_BODY: usize = 64 * 1024;
/// HTML read to find the document behind a page.
pub const HTML_BODY: usize = 256 * 1024;
/// The body of a delivery's answer; only read to reuse the connection and to quote it.
pub const DELIVERY_ANSWER_BODY: usize = 16 * 1024;
/// Response head.
pub const RESPONSE_HEAD: usize = 16 * 1024;
/// Redirects followed by one fetch.
pub const REDIRECTS: usize = 3;
/// Deliveries under way at once, one a host. Each holds a thread and a TLS connection, so a small machine has few.
pub const OUTBOUND_TOTAL: usize = 16;
/// Senders that stand in for those that wait for hosts without an answer.
pub const OUTBOUND_STAND_INS: usize = 64;
/// Idle connections kept open to one host.
pub const OUTBOUND_PER_HOST: usize = 2;
/// Key and actor fetches for signers on unknown hosts per minute.
pub const KEY_FETCHES_PER_MINUTE: usize = 120;
/// Of them, those that fail and that one client causes.
pub const KEY_FAILURES_PER_CLIENT: usize = 10;
/// Key fetches a minute from hosts with actors here, and apart from them from hosts of followed accounts.
pub const KNOWN_KEY_FETCHES_PER_MINUTE: usize = 300;
/// The same from one such host.
pub const KNOWN_KEY_FETCHES_PER_HOST: usize = 60;
/// The same for one host: a large server shows us several new actors in a minute.
pub const KEY_FETCHES_PER_HOST_PER_MINUTE: usize = 10;
/// Handlers that fetch a key at once: each is one of [`HANDLERS`] and may be held up for a whole fetch.
pub const KEY_FETCHERS: usize = 6;
/// The same from one host.
pub const KEY_FETCHERS_PER_HOST: usize = 2;
/// Handlers that wait for such a fetch; one more is told to come back. All fetchers and waiters together are fewer than
/// [`HANDLERS`].
pub const KEY_WAITERS: usize = 15;
/// As [`KEY_FETCHERS`], from hosts with actors here.
pub const KNOWN_KEY_FETCHERS: usize = 4;
/// As [`KEY_WAITERS`], from hosts with actors here.
pub const KNOWN_KEY_WAITERS: usize = 8;
/// As [`KEY_FETCHERS`], from hosts of followed accounts.
pub const FOLLOWED_KEY_FETCHERS: usize = 2;
/// As [`KEY_WAITERS`], from hosts of followed accounts.
pub const FOLLOWED_KEY_WAITERS: usize = 4;
/// How long each of them waits.
pub const KEY_WAIT: Duration = Duration::from_secs(2);
/// How long it is remembered that a key's server did not answer.
pub const KEY_TROUBLE_MEMORY: Duration = Duration::from_secs(60);
/// How long a failed key fetch is remembered.
pub const KEY_FAILURE_MEMORY: Duration = Duration::from_secs(600);
/// A key is refetched after a failed verification only if our copy is older than this.
pub const KEY_REFRESH_AGE: Duration = Duration::from_secs(300);
/// An actor is refetched when it is shown and our copy is older than this.
pub const ACTOR_REFRESH_AGE: Duration = Duration::from_secs(24 * 3_600);
/// An actor whose document is not found (404) is asked for again after so long, and gone if it is not found then.
pub const GONE_CONFIRMED_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// An actor with whom nobody here has to do is forgotten when its document was last fetched so long ago.
pub const STRANGER_AGE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Actors that are looked at in each round of tidying, to find those.
pub const ACTORS_LOOKED_AT: i64 = 10_000;
/// Of them, those that are forgotten in one write, so that nobody waits for it.
pub const STRANGERS_FORGOTTEN: usize = 200;
/// What comes from an actor that has deleted itself is not read for this long.
pub const GONE_ACTOR: Duration = Duration::from_secs(24 * 3_600);
/// Actors that are fetched anew when an inbox that they share is gone.
pub const INBOX_ACTORS_REFRESHED: u32 = 20;
/// Fetches that one incoming activity may cause.
pub const FETCHES_PER_ACTIVITY: usize = 20;
/// Ancestors fetched of one thread.
pub const THREAD_ANCESTORS: usize = 40;
/// Pages read of one remote collection.
pub const COLLECTION_PAGES: usize = 3;
/// Posts shown of an account when a follow of it is accepted.
pub const BACKFILL_POSTS: usize = 20;
/// How long the software name of a host is remembered before its NodeInfo is requested again: upgrades are rare.
pub const SOFTWARE_AGE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// The same for a host that has no NodeInfo: it may have been broken that day.
pub const SOFTWARE_UNKNOWN_AGE: Duration = Duration::from_secs(24 * 3_600);
/// Actors of one name that are tried when a community is looked for: a person and a community, with one to spare.
pub const GROUP_CANDIDATES: usize = 3;

/// Name lookups at once; one that hangs keeps its place, so this is more than a calm server needs.
pub const NAME_LOOKUPS: usize = 16;
/// Addresses of one name that are tried; all of them are checked.
pub const ADDRESSES_TRIED: usize = 4;
/// Idle connections kept open to other servers (48 KiB of buffers each).
pub const IDLE_CONNECTIONS: usize = 64;
/// How long an idle connection is kept; most peers close theirs after 15 to 75 s.
pub const IDLE_AGE: Duration = Duration::from_secs(15);
/// Servers whose TLS sessions are remembered, so that the next delivery skips half of the handshake.
pub const TLS_SESSIONS: usize = 512;
/// Reading the body of a delivery's answer: the status is already known, so it is not worth a long wait.
pub const DELIVERY_ANSWER_READ: Duration = Duration::from_secs(3);
/// Characters quoted of a delivery's answer.
pub const DELIVERY_EXCERPT_CHARS: usize = 200;
/// Servers that a post could not be delivered to, on its page: the rest is in its delivery report.
pub const UNDELIVERED_SHOWN: usize = 10;
/// Longest `Retry-After` that is honoured; what asks for more is taken to ask for this.
pub const RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);

// ---- queues ----

/// Activities taken in an hour from those of one registrable domain whom the owner does not follow, and who are no relays.
pub const STRANGER_ACTIVITIES_PER_HOST_PER_HOUR: usize = 2_000;
/// Bytes of these activities. A row with its search index takes several times as much.
pub const STRANGER_BYTES_PER_HOST_PER_HOUR: usize = 8 * 1024 * 1024;
/// Characters of a post that are put into the search index, which costs several times their bytes.
pub const SEARCHED_CHARS: usize = 6_000;
/// A post of an unfollowed account to which nothing of the owner's is tied is removed at this age.
pub const STRANGER_POST_AGE: Duration = Duration::from_secs(90 * 24 * 3_600);
/// Bytes of posts that name the owner and were written by unfollowed accounts. The oldest beyond it are removed, unless the
/// owner has reacted to them.
pub const STRANGER_MENTION_BYTES: i64 = 64 * 1024 * 1024;
/// Posts looked at in one round of retention, and removed in one write.
pub const RETENTION_LOOK: u32 = 5_000;
/// See [`RETENTION_LOOK`].
pub const RETENTION_WRITE: usize = 100;
/// Seconds that they are asked to wait then.
pub const STRANGER_RETRY_AFTER: u32 = 600;
/// Waiting incoming activities of accounts that the owner does not follow.
pub const INBOX_QUEUE_OF_STRANGERS: i64 = 15_000;
/// The same from one registrable domain.
pub const INBOX_QUEUE_PER_HOST: i64 = 2_000;
/// Waiting incoming activities.
pub const INBOX_QUEUE: i64 = 20_000;
/// An activity that could not be applied is kept for this long, counted in `dassie status`.
pub const PARKED_AGE: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How far up a thread a post of ours is looked for, whose followers an answer may be for.
pub const FORWARD_LEVELS: usize = 4;
/// Answers that are passed on to our followers for one author in an hour. Each is as many deliveries as there are
/// servers of followers.
pub const FORWARDS_PER_ACTOR: usize = 30;
/// The same for all authors of one host together.
pub const FORWARDS_PER_HOST: usize = 300;
/// Deliveries that wait; with so many, nothing is forwarded for others.
pub const DELIVERIES_WAITING: i64 = 100_000;
/// Attempts of an incoming activity before it is parked.
pub const INBOX_ATTEMPTS: i64 = 8;
/// Waits before each next attempt of a delivery; after the last one it is given up (7 days in all).
pub const DELIVERY_BACKOFF: [Duration; 14] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(2 * 3_600),
    Duration::from_secs(4 * 3_600),
    Duration::from_secs(8 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(24 * 3_600),
    Duration::from_secs(24 * 3_600),
    Duration::from_secs(24 * 3_600),
    Duration::from_secs(24 * 3_600),
    Duration::from_secs(24 * 3_600),
    Duration::from_secs(24 * 3_600),
];
/// A delivery is given up at this age, however often it was tried.
pub const DELIVERY_AGE: Duration = Duration::from_secs(8 * 24 * 3_600);
/// A delivery that a host has answered so often with a fault of its own no longer holds back the others (an index names
/// the same number).
pub const DELIVERY_FAULTS: i64 = 3;
/// Between two moves of one account that are followed; two that name each other could send the owner to and fro.
pub const MOVES_APART: Duration = Duration::from_secs(7 * 24 * 3_600);
/// The uploads of a deleted post stay on the disk for so long, not served, for apps that delete and post again.
pub const REDRAFT_TIME: Duration = Duration::from_secs(3_600);
/// An Undo may overtake what it undoes by so much.
pub const UNDO_OVERTAKES: Duration = Duration::from_secs(10 * 60);
/// Answers that came before what they answer and are put into the home timeline when that comes.
pub const ANSWERS_BROUGHT_HOME: u32 = 20;
/// Times that a host may refuse our signature before that is final: it may not have been able to fetch our key.
pub const DELIVERY_REFUSALS: i64 = 2;
/// Consecutive network failures or 5xx answers that open a host's breaker.
pub const BREAKER_FAILURES: i64 = 5;
/// How long an open breaker waits before it lets one probe through.
pub const BREAKER_PROBE: Duration = Duration::from_secs(30 * 60);
/// What waits for a host goes out at once when the host is heard again after failing for at least this long. A host
/// that fails for less may simply be one that can reach us though we cannot reach it.
pub const REVIVAL: Duration = Duration::from_secs(60);
/// A host that fails for this long gets nothing more, except what begins, ends or takes back something that it would
/// otherwise remember wrongly: deletes, undos, follows and their answers.
pub const BREAKER_DEAD: Duration = Duration::from_secs(7 * 24 * 3_600);

// ---- what the owner writes ----

/// Characters of a post.
pub const POST_CHARS: usize = 5_000;
/// Characters of a content warning of the owner: Misskey drops a whole post with a longer one.
pub const POST_SUMMARY_CHARS: usize = 512;
/// Characters that a link counts for.
pub const POST_CHARS_PER_URL: usize = 23;
/// Images in a post.
pub const POST_MEDIA: usize = 4;
/// Mentions in a post.
pub const POST_MENTIONS: usize = 20;
/// Hashtags in a post.
pub const POST_HASHTAGS: usize = 30;
/// Characters of an image description.
pub const ALT_CHARS: usize = 5_000;
/// Participants shown of one conversation.
pub const CONVERSATION_ACTORS: usize = 20;
/// Pinned posts.
pub const PINS: usize = 5;
/// Profile fields of the owner.
pub const OWNER_FIELDS: usize = 8;
/// Characters of the owner's display name.
pub const OWNER_NAME_CHARS: usize = 100;
/// Characters of the owner's biography.
pub const OWNER_NOTE_CHARS: usize = 5_000;
/// Characters of the owner's user name.
pub const OWNER_USERNAME_CHARS: usize = 30;
/// Password length in bytes; argon2 sees all of it.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;
/// How long an `Idempotency-Key` is remembered.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_secs(3_600);

// ---- images ----

/// An uploaded image.
pub const IMAGE_BYTES: usize = 16 * 1024 * 1024;
/// Pixels of an image (8K).
pub const IMAGE_PIXELS: u64 = 33_177_600;
/// One side of an image.
pub const IMAGE_SIDE: u32 = 16_384;
/// Bytes of a PNG without transparency above which it is kept as a JPEG: then it is a photograph, not a drawing.
pub const IMAGE_PNG_BYTES: usize = 4 * 1024 * 1024;
/// Memory that a decoder may take.
pub const IMAGE_DECODE_MEMORY: u64 = 160 * 1024 * 1024;
/// Frames of an animation that are kept.
pub const ANIMATION_FRAMES: usize = 300;
/// Pixels of all frames of an animation together.
pub const ANIMATION_PIXELS: u64 = 40_000_000;
/// Longest side of a stored image.
pub const IMAGE_STORED_SIDE: u32 = 3_840;
/// Longest side of a preview.
pub const IMAGE_PREVIEW_SIDE: u32 = 640;
/// Bytes of a preview that its quality is lowered for.
pub const IMAGE_PREVIEW_BYTES: usize = 60 * 1024;
/// Side of an avatar.
pub const AVATAR_SIDE: u32 = 400;
/// Width and height of a profile header.
pub const HEADER_SIZE: (u32, u32) = (1_500, 500);

// ---- sign-in, apps, API ----

/// Failed sign-ins from one address (or /64), or with one known browser, before it must back off.
pub const LOGIN_TRIES: u32 = 5;
/// The first wait then; it doubles with each further failure.
pub const LOGIN_BACKOFF: Duration = Duration::from_secs(30);
/// The longest wait.
pub const LOGIN_BACKOFF_MAX: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after this time without another.
pub const LOGIN_MEMORY: Duration = Duration::from_secs(3_600);
/// Failed sign-ins from all addresses in an hour before each further one is slowed down.
pub const LOGIN_TRIES_GLOBAL: u32 = 20;
/// By this much, one after the other.
pub const LOGIN_DELAY: Duration = Duration::from_millis(250);
/// A browser in which the owner has signed in is known for this time; browsers keep no cookie longer.
pub const DEVICE_AGE: Duration = Duration::from_secs(400 * 24 * 3_600);
/// Token requests from one address in five minutes.
pub const TOKEN_TRIES: u32 = 30;
/// App registrations from one address in an hour.
pub const APP_REGISTRATIONS: u32 = 30;
/// Registered apps that the owner has never used, from all addresses: rows of a few hundred bytes.
pub const APPS_UNUSED: i64 = 5_000;
/// The same from one address (or /64): more than a household registers in a day.
pub const APPS_UNUSED_PER_ADDRESS: i64 = 250;
/// An unused app is removed after this time.
pub const APP_UNUSED_AGE: Duration = Duration::from_secs(24 * 3_600);
/// An app that the owner has used is removed so long after its last use, when it has no token any more.
pub const APP_USED_AGE: Duration = Duration::from_secs(90 * 24 * 3_600);
/// An app is never removed to make room within this time of its registration: the owner may be signing in with it.
pub const APP_KEPT: Duration = Duration::from_secs(3_600);
/// Characters of an app's name, website and scopes.
pub const APP_FIELD: usize = 2_000;
/// Redirect URIs of an app.
pub const APP_REDIRECTS: usize = 10;
/// How long an authorisation code lives.
pub const AUTH_CODE_AGE: Duration = Duration::from_secs(600);
/// Sessions in browsers.
pub const SESSIONS: i64 = 50;
/// Access tokens of one app that act for the owner; the least recently used ones are revoked.
pub const TOKENS_PER_APP: i64 = 50;
/// The same made on the command line, which belong to no app.
pub const TOKENS_WITHOUT_APP: i64 = 200;
/// Access tokens of one app for itself alone (client credentials): one is enough for a client.
pub const APP_TOKENS_PER_APP: i64 = 5;
/// The last use of a token is noted at most so often: a write for each request would cost more than the request.
pub const TOKEN_USE_EVERY: Duration = Duration::from_secs(3_600);
/// Length of a PKCE challenge: SHA-256 in base64url (RFC 7636).
pub const PKCE_CHALLENGE: usize = 43;
/// How long a browser stays signed in.
pub const SESSION_AGE: Duration = Duration::from_secs(365 * 24 * 3_600);
/// API requests of one token or address in five minutes.
pub const API_REQUESTS: u32 = 1_500;
/// Page and object requests of one address in five minutes that are not answered from the cache.
pub const PAGE_REQUESTS: u32 = 600;
/// Characters of a search.
pub const SEARCH_CHARS: usize = 256;
/// Entries of a table that is keyed by something a stranger chooses (addresses, hosts).
pub const STRANGER_TABLE: usize = 20_000;
/// Bytes of rendered public answers kept in memory.
pub const CACHE_BYTES: usize = 8 * 1024 * 1024;
