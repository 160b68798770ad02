# Texts that are missing or too long
error-text-blank = Text can't be blank
error-title-blank = Title can't be blank
error-filter-context = Context can't be blank
error-keyword-blank = Keyword can't be blank
error-warning-long = Content warning is too long (maximum is { $maximum } characters)
error-description-long = Description is too long (maximum is { $maximum } characters)
error-title-long = Title is too long (maximum is { $maximum } characters)
error-keyword-long = Keyword is too long (maximum is { $maximum } characters)
error-note-long = Comment is too long (maximum is { $maximum } characters)
error-comment-long = Comment is too long (maximum is { $maximum } characters)
error-name-long = Display name is too long (maximum is { $maximum } characters)
error-profile-note-long = Note is too long (maximum is { $maximum } characters)
error-avatar-description-long = Avatar description is too long (maximum is { $maximum } characters)
error-header-description-long = Header description is too long (maximum is { $maximum } characters)
error-field-label-long = Profile field label is too long (maximum is { $maximum } characters)
error-field-value-long = Profile field is too long (maximum is { $maximum } characters)
error-server-description-long = Description is too long (maximum is { $maximum } characters)
error-privacy-policy-long = Privacy policy is too long (maximum is { $maximum } characters)
error-terms-long = Terms of service is too long (maximum is { $maximum } characters)
error-rule-long = A rule is too long (maximum is { $maximum } characters)
error-search-long = The search is too long (maximum is { $maximum } characters)

# Posts
error-text-invisible = Text can't be blank: nothing in it would be shown
error-text-long = Text character limit of { $maximum } exceeded: it has { $length }, with the content warning
error-files = Cannot attach more than { $maximum } files
error-pictures = Cannot attach more than { $maximum } pictures
error-poll-media = A poll cannot have media; post them as two posts
error-media-missing = One of the files was not found, or belongs to another post already
error-media-not-attached = This file is not attached to this post
error-media-in-use = Media attachment is currently used by a post
error-focus = Focus must be two numbers from -1 to 1, like 0.0,0.5
error-mentions = Cannot mention more than { $maximum } people
error-no-recipient = @{ $handle } was not found, so nobody would get this direct message
error-reply-to-private = A reply to a post for followers only must be for followers only or direct
error-reply-to-direct = A reply to a direct message must be direct
error-draft-long = The text is too long to be kept as a draft
error-drafts = You have { $maximum } drafts, which is the maximum: delete some
error-nothing-to-save = There is nothing to save yet
error-time-form = The time must be like 2026-11-20T23:19
error-schedule-near = Scheduled at must be at least { $minutes } minutes in the future
error-schedule-far = Scheduled at must be within ten years
error-scheduled = You have exceeded the limit of { $maximum } scheduled posts
error-scheduled-day = You have exceeded the limit of { $maximum } scheduled posts for that day
error-post-gone = A post or picture that this one refers to has been deleted

# Polls
error-vote-own = You can't vote in your own polls
error-vote-ended = The poll has already ended
error-vote-again = You have already voted on this poll
error-vote-option = The chosen vote option does not exist
error-vote-one = Only one option of this poll can be chosen
error-poll-options = A poll must have more than one option
error-poll-many = A poll can have no more than { $maximum } options
error-poll-option-long = Each option of a poll must have 1 to { $maximum } characters
error-poll-equal = The options of a poll must differ
error-poll-duration = A poll must run for { $minimum } to { $maximum } seconds

# Interactions with posts
error-boost-private = Only public and unlisted posts can be boosted
error-boost-direct = A boost can be public, unlisted or private, not direct
error-reactions = No more than { $maximum } reactions to one post are possible
error-reaction = A reaction must be one emoji, one of your custom emoji, or one that the post already has a reaction with
error-pin-direct = Posts that are only visible to mentioned users cannot be pinned
error-pins = You have already pinned the maximum number of posts ({ $maximum })
error-pin-other = Someone else's post cannot be pinned
error-quote-boost = A boost cannot be quoted; quote the post itself
error-quote-recipient = A direct message can only quote its recipients, because the quoted author receives a request for approval
error-quote-private = Only public and unlisted posts can be quoted
error-quote-forbidden = The author does not allow this post to be quoted
error-reply-forbidden = The author does not allow replies to this post
error-translation-private = Only public and unlisted posts are sent to a translation service
error-translation-same = The post is in that language already

# Sign-in and account
error-password-wrong = The password is wrong
error-current-password-wrong = The current password is wrong
error-password-length = Password must have { $minimum } to { $maximum } bytes
error-code-used = The code is wrong, or was used already
error-code-wrong = The code is wrong: enter the one that the app shows now
error-page-too-old = This page was open for too long: load it again
error-passkey-malformed = The passkey was not accepted: the browser has sent an incomplete passkey
error-passkey-page = The passkey was not accepted: the passkey was used for another page
error-passkey-user = The passkey was not accepted: the device has not verified its user
error-passkey-key = The passkey was not accepted: passkeys of this kind are not supported
error-passkey-signature = The passkey was not accepted: the signature of the passkey is not valid
error-passkey-unknown = This passkey is not known here: it may have been removed
error-sign-in-used = This sign-in was used already: load the page again
error-passkey-stored = This passkey is stored already
error-passkeys = There are { $maximum } passkeys; remove one first
error-username = The user name may only contain lowercase letters a to z, digits and _
error-username-length = User name must have 1 to { $maximum } characters
error-display-name = Display name must have at most { $maximum } characters
error-owner-exists = This server has been set up already
error-moved = Your account has moved to { $target }; to use it here again, cancel the move in the settings
error-fields = Cannot have more than { $maximum } profile fields
error-domain = `{ $name }` is not a domain name; write it like example.org
error-domains = Cannot have more than { $maximum } domains

# Moves
error-move-from-self = This is the account of this server; name the account that you move from
error-move-to-self = This is the account of this server; name the account that you move to
error-aliases = An account can have at most { $maximum } aliases; remove one first
error-not-an-alias = { $account } is not an alias of this account
error-moved-already = This account has already moved to @{ $handle }
error-move-moved-on = @{ $handle } has itself moved to { $target }; name that account
error-alias-missing = @{ $handle } does not list @{ $own } as an alias. Add the alias there first, then try again
error-move-too-soon = This account has moved less than { $days } days ago; it may move again on { $date }
error-not-moved = This account has not moved

# Other accounts, lists, hashtags and filters
error-follow-self = You can't follow yourself
error-block-self = You can't block yourself
error-mute-self = You can't mute yourself
error-blocked = This action is not allowed
error-mute-long = The mute is too long: it may last { $maximum } seconds
error-endorse-not-followed = You must be following the account that you want to endorse
error-lists = You have reached the maximum number of lists ({ $maximum })
error-list-full = A list cannot have more than { $maximum } accounts
error-list-member = Account has already been taken
error-not-an-account = `{ $text }` is neither a handle (user@host) nor a URL
error-post-not-account = This is the URL of a post, not of an account
error-hashtag = Tag is not a valid hashtag
error-hashtag-taken = Name is already taken
error-hashtags-featured = You have already featured the maximum number of hashtags ({ $maximum })
error-hashtags-followed = You have reached the maximum number of followed hashtags ({ $maximum })
error-filters = There are { $maximum } filters already, which is the maximum
error-keywords = There are { $maximum } keywords already, which is the maximum
error-keywords-long = The keywords of all filters are too long (maximum is { $maximum } bytes)
error-filter-posts = Filters name { $maximum } posts already, which is the maximum

# Settings
error-colour = “{ $text }” is not a colour: write it as # and six digits, like #7a2f9e
error-own-css = The style rules are longer than { $kib } KiB
error-no-avatar = You have no avatar: upload one in Profile
error-rules = There are too many rules (maximum is { $maximum })
error-time-zone = This server does not know the time zone { $name }
error-push-long = The address of the push service is longer than { $maximum } bytes
error-push-endpoint = This server does not connect to the push service of this browser
error-push-keys = The browser has sent invalid keys for push notifications: load the page again
error-host = `{ $name }` is not a host name; write it like example.org
error-own-host = This is this server itself
