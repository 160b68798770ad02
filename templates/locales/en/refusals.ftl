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
