appearance-title = Appearance
appearance-colours = Light or dark
appearance-auto = As the system has it
appearance-light = Light
appearance-dark = Dark
appearance-colours-hint = This is for you: visitors see the colours that their system has.
appearance-language = Language of the interface
appearance-language-auto = Automatic
appearance-language-hint = This is for you: visitors read these pages in the language of their browser, if it is one of these.
settings-title = Settings
settings-breadcrumb = Breadcrumb
settings-save = Save
settings-sign-out = Sign out
settings-group-profile = Profile
settings-group-profile-hint = Name, pictures, biography and fields
settings-group-appearance-hint = Theme, colours, icon, light or dark, and the language
settings-group-posting = Posting
settings-group-posting-hint = Visibility, language and quotes of new posts
settings-group-privacy = Privacy
settings-group-privacy-hint = Who may follow you and find you
settings-group-filters-hint = Words and posts that you do not want to read
settings-group-notifications-hint = Whose notifications you get
settings-group-emoji = Custom emoji
settings-group-emoji-hint = Your own emoji for posts, polls, profile and reactions
settings-group-media-hint = Your uploads, and those without a description
settings-group-security = Security
settings-group-security-hint = Signed-in browsers, passkeys, and your password
settings-group-apps = Apps
settings-group-apps-hint = Apps that use your account, and tokens for programs
settings-group-move = Move
settings-group-move-hint = To another account, or from another account to this one
settings-group-about = About this server
settings-group-about-hint = Description, rules and policies
settings-group-server-hint = Queues, storage and recent errors
about-lead-html = Everyone can read these texts on <a href="/about">the about page</a> and in apps. They are written in Markdown.
about-description = Description
about-rules-hint = One in each line. When you report an account, an app can ask which of them it breaks.
app-made = The app was created. Copy these values now: the secret and the token are not shown again.
app-client-id = Client id
app-client-secret = Client secret
app-token = Access token
app-permissions = Permissions: { $scopes }
settings-done = Done
apps-lead = These apps can use your account. Revoke those that you no longer use or do not know.
apps-command-line = Token from the command line
apps-website = website
apps-used = Since { $since } · last used { $used }
apps-unused = Since { $since } · never used
apps-revoke-html = Revoke<span class="hidden"> { $app } since { $since }</span>
apps-the-token = the token
apps-revoke-all-summary = Revoke all…
apps-revoke-all-hint = Every app is signed out, and you sign in again with those that you use.
apps-revoke-all = Revoke all tokens
apps-empty = No app uses your account. Any app for Mastodon works: enter the address of this server in it.
apps-make = Make a token for a program of your own
development-title = New app
development-lead = For a bot, a script or an app that you write: an id and a secret for its sign-in, and an access token for your account.
development-name = Name
development-website = Website
development-redirects = Redirect URIs, one a line
development-redirects-hint-html = Where the sign-in leads to. <code>urn:ietf:wg:oauth:2.0:oob</code> shows a code to copy.
development-permissions = Permissions
development-create = Create app and token
emoji-imported =
    { $count ->
        [one] { $count } emoji was imported.
       *[other] { $count } emoji were imported.
    }
emoji-skipped =
    { $count ->
        [one] { $count } was left out
       *[other] { $count } were left out
    }
emoji-lead-html = Write the name between colons, as in <code>:name:</code>, in a post, a poll, your profile or a reaction.
emoji-without-category = Without a category
emoji-hidden = hidden
emoji-empty = No emoji yet. Add one below.
emoji-add-heading = Add an emoji
emoji-name = Name
emoji-name-hint = Letters from A to Z, digits and underscores.
emoji-picture = Picture
emoji-picture-hint = PNG, GIF, WebP or JPEG. An animation may have { $kib } KiB.
emoji-category = Category (optional)
emoji-add = Add emoji
emoji-copy-heading = Copy from another server
emoji-remote = Name and server
emoji-copy = Copy emoji
emoji-import-heading = Import a pack
emoji-pack = Pack
emoji-pack-hint = A zip or tar.gz file of Mastodon, Misskey, Pleroma or Akkoma, or with pictures only.
emoji-replace = Replace emoji with the same names
emoji-import = Import pack
emoji-rename-hint = With a new name, texts that have the old one show it as text.
emoji-offer = Offer it in apps
emoji-offer-hint = If not, it is still shown where its name is written.
emoji-other-picture = Other picture (optional)
emoji-remove-heading = Remove
emoji-remove-hint = Posts and reactions with this emoji then show its name.
emoji-remove = Remove :{ $name }:
move-title = Move your account
move-to = Move to another account
move-moved-html = This account has moved to { $account }. You cannot post, boost or follow from here, and new followers are refused.
move-cancel-hint = If you cancel the move, this account works again. Followers who have left do not come back.
move-cancel = Cancel the move
move-point-followers = Your followers are asked to follow the new account instead. Most servers do that without asking them.
move-point-posts = Your posts stay here. They cannot be moved.
move-point-account = You can no longer post, boost or follow from this account. Your profile shows the new one.
move-point-cancel = You can cancel the move. Followers who have left do not come back.
move-point-cooldown =
    { $count ->
        [one] After a move, the next one is possible after { $count } day.
       *[other] After a move, the next one is possible after { $count } days.
    }
move-first-html = First add <b>{ $handle }</b> as an alias in the settings of the new account.
move-next = You have moved recently. The next move is possible on { $day }.
move-handle = Handle of the new account
move-handle-example = you@new.server
move-password = Your password on this server
move-go = Move my followers
move-from = Move from another account
move-from-hint = Name the accounts that may move to this one. Then start the move on the other account.
move-remove-html = Remove<span class="hidden"> { $name }</span>
move-alias = Handle of the old account
move-alias-example = you@old.server
move-add-alias = Add alias
move-most-aliases = There are { $count } aliases, which is the limit.
policy-lead-html = Filtered notifications wait in a <a href="/notifications/requests">list of their own</a>. Ignored ones are not stored.
policy-lead-waiting-html =
    Filtered notifications wait in a <a href="/notifications/requests">list of their own</a>, which has { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }. Ignored ones are not stored.
policy-accept = Show
policy-filter = Filter
policy-drop = Ignore
policy-not-following = Accounts that you do not follow
policy-not-followers = Accounts that do not follow you, or only for a few days
policy-new-accounts = Accounts that are less than a month old
policy-private-mentions = Direct mentions by accounts that you do not follow
policy-limited-accounts = Accounts of servers that you have silenced
policy-bots = Automated accounts that you do not follow
passkey-title = New passkey
passkey-lead = With a passkey you sign in by unlocking your phone, computer or security key. It cannot be guessed, and this server stores nothing that could be stolen.
passkey-name = Name
passkey-name-hint = My phone
passkey-create = Create the passkey
passkey-unavailable = This browser cannot create passkeys here: they need JavaScript, and a server with a domain of its own.
passkey-password = Your password
passkey-continue = Continue
posting-lead = These values are chosen in advance when you write a post, here or in an app. Each post can differ.
posting-visibility = Visibility
posting-language-hint = A code like en, de or pt-BR. Empty if your posts have no usual language.
posting-format = Format of posts that you write on these pages
posting-sensitive = Hide the media of my posts until they are opened
privacy-locked = Approve follow requests manually
privacy-locked-hint = Your posts for followers are then shown only to accounts that you have approved.
privacy-discoverable = Suggest my account to others
privacy-discoverable-hint = Other servers may show your profile and public posts in directories and trends, and search engines your profile.
privacy-indexable = Include my public posts in search
privacy-indexable-hint = Search engines and other servers may let anyone search them by their words.
privacy-previews = Show previews of links
privacy-previews-hint = This server then fetches each page that posts in your timelines link to, once. Browsers and apps load the picture from this server, never from the site.
privacy-never = This server never shows who follows you or whom you follow.
profile-display-name = Display name
profile-about = About you
profile-avatar = Avatar
profile-avatar-alt = Avatar description
profile-header = Header
profile-header-alt = Header description
profile-pictures-hint = An animated picture becomes a still.
profile-fields = Fields
profile-field-label = Label
profile-field-label-of = Label { $number }
profile-field-content = Content
profile-field-content-of = Content { $number }
profile-fields-hint-html = A link is verified if its page has a link back to your profile: <code>&lt;a rel="me" href="{ $address }"&gt;</code>. The pages are checked when you save.
profile-bot = This account is a bot
profile-tabs = Tabs of your profile
profile-show-media = Media
profile-show-media-replies = Media also shows those of replies
profile-show-featured = Pinned posts, and featured hashtags
profile-attribution = Websites that may name you as the author of their pages
profile-attribution-hint-html = One domain on a line. A page names you with <code>&lt;meta name="fediverse:creator" content="@{ $handle }"&gt;</code>; its previews then link to your profile.
codes-title = Recovery codes
codes-notice = Two-factor authentication is on. Keep these codes where you find them without your phone: they are not shown again.
codes-lead-html = Each of them replaces a code of the app once. If all are lost, <code>dassie owner two-factor-off</code> on the server turns two-factor authentication off.
security-browsers = Signed-in browsers
security-this = this browser
security-since = Since { $since } · last used { $used }
security-sign-out-html = Sign out<span class="hidden"> { $name } since { $since }</span>
security-sign-out-others = Sign out all other browsers
security-apps-html = Apps sign in with access tokens of their own: see <a href="/settings/apps">Apps</a>.
security-passkeys = Passkeys
security-passkey-used = Added { $since } · last used { $used }
security-passkey-unused = Added { $since } · not used yet
security-passkeys-empty = Sign in by unlocking your phone, computer or security key, without a password.
security-add-passkey = Add a passkey
security-two-factor = Two-factor authentication
security-two-factor-on = On: signing in takes a code of your authenticator app.
security-two-factor-off = Off: signing in takes your password only.
security-change-two-factor = Change or turn off
security-turn-on = Turn on
security-password = Password
security-password-hint = A new password signs out every browser and every app.
security-current = Current password
security-new = New password
security-change = Change password
security-changed-title = Password changed
security-changed = Your password has been changed. All browsers and apps are signed out.
browser-on-system = { $browser } on { $system }
browser-unknown-on = A browser on { $system }
browser-unknown = A browser
two-factor-lead =
    Signing in takes your password and a code of your authenticator app. You have { $count ->
        [one] { $count } recovery code
       *[other] { $count } recovery codes
    } left.
two-factor-code = Code from your app
two-factor-renew = New recovery codes
two-factor-off = Turn off
two-factor-offer = With an authenticator app on your phone, a stolen password is not enough to sign in. Scan the picture with the app, or type the secret into it.
two-factor-qr = QR code of the secret
two-factor-secret = Secret
two-factor-shown-code = The code that the app shows
browser-only = { $browser }
