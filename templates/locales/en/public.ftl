profile-posts-by = Posts by { $name }
profile-tag-by = #{ $tag } by { $name }
profile-all-by = Posts by { $name }, with replies and boosts
profile-bridged-from = bridged from { $network }
profile-locked = approves followers
profile-moved-html = This account has moved to { $account }
profile-cancel-move = Cancel the move
profile-original-html = Original account: { $account }
profile-verified-hint = The linked page links back to this profile, checked on { $day }
profile-verified = verified
profile-posts-html =
    <b>{ $n }</b> { $count ->
        [one] post
       *[other] posts
    }
profile-following-html = <b>{ $n }</b> following
profile-followers-html =
    <b>{ $n }</b> { $count ->
        [one] follower
       *[other] followers
    }
profile-joined = Joined { $day }
profile-edit = Edit profile
profile-people = People
profile-follow-own = Follow from your own server
profile-handle-hint = you@your.server
profile-follow = Follow
profile-fetching = Posts are being fetched from the account's server. Reload this page in a moment.
profile-fetched = Last fetched from the account's server: { $time }.
profile-missing =
    { $count ->
        [one] { $count } post could not be fetched.
       *[other] { $count } posts could not be fetched.
    }
profile-follow-failed = You do not follow this account: { $reason }
profile-muted = Muted: you see its posts only here.
profile-muted-until = Muted until { $time }: you see its posts only here.
profile-note = Private note
profile-note-label = Your note, which only you can see
profile-save-note = Save note
profile-tab-posts = Posts
profile-tab-replies = Replies
profile-tab-media = Media
profile-tab-pinned = Pinned
profile-tagged = Posts with #{ $tag }
profile-sensitive = Sensitive
profile-video = Video without a description
profile-recording = Recording
profile-no-pinned = No pinned posts.
profile-no-media = No media yet.
profile-no-tagged = No posts with this hashtag.
profile-no-posts = No posts yet.
front-welcome = Welcome
front-not-set-up = This server has not been set up yet.
front-set-up = If it is yours, open the set-up link that its log shows.
about-title = About
about-changed-html = Last changed on { $time }
about-rules = Rules
about-one-account = This server has one account, { $handle }. Sign-up is not available.
about-software = It runs Dassie { $version }, free software for the fediverse.
about-contact = Contact: { $address }
about-go = Go to { $handle }
about-privacy = Privacy policy
about-terms = Terms of service
interact-follow = Follow from your own server
interact-follow-hint = Enter your handle. Your server then opens this profile, where you can follow it.
interact-post = Continue on your own server
interact-post-hint = Enter your handle. Your server then opens this post, where you can reply, boost or favourite it.
interact-handle = Your handle
interact-go = Go
interact-copy = Or copy this address into the search field of your server
interact-copy-fallback = If nothing happens, copy this address into the search field of your server
interact-invalid = The handle is not valid. Enter a handle like you@your.server
interact-this-server = This is a handle of this server. Enter the one of your server.
interact-no-answer = { $host } did not respond, or has no account { $name }. Check the spelling of your handle.
interact-opening = Opening { $host } …
interact-continue = Continue on { $host }
login-title = Sign in
login-demo = Welcome to the demo
login-demo-hint = Look around as the owner of this server. The people, posts and pictures are invented, nothing is sent to other servers, and everything is gone when the demo ends.
login-open-demo = Open the demo
login-held = Your session has ended. What you wrote is kept: sign in, and send it again.
login-lost-files = Pictures must be chosen again.
login-name = User name
login-password = Password
login-code = Code of your authenticator app, or a recovery code
login-passkey = Sign in with a passkey
login-wrong = The user name or the password is wrong
login-wrong-code = The user name, the password or the code is wrong
passkey-known = This device has a passkey for your account already.
passkey-domain = Passkeys need a server with a domain of its own.
passkey-failed = No passkey was used. Try again, or use your password.
setup-title = Set up your server
setup-heading = Welcome to your own server
setup-lead-html = Create the owner's account of <b>{ $domain }</b>.
setup-name-hint-html = Permanent, like the domain: you will be <b>@name@{ $domain }</b>. Lowercase letters, digits and _.
setup-display-name = Display name
setup-display-name-hint = Can be changed at any time.
setup-password-hint-html = At least 8 characters. There is no e-mail here: if you lose it, <code>dassie owner passwd</code> sets a new one.
setup-create = Create my account
authorize-title = Allow { $app }?
authorize-heading-html = Allow <b>{ $app }</b> to use your account?
authorize-website = The app states this website: { $website }
authorize-requests = The app requests permission to:
authorize-sent-html = Your decision is sent to <b>{ $host }</b>.
authorize-this-page = this page, which shows a code to copy
authorize-device = an app on your device ({ $scheme })
authorize-allow = Allow
authorize-deny = Deny
code-title = Authorisation code
code-hint = Copy this code into the app. It works once, for ten minutes.
scope-read = Read everything that you can read, including private mentions
scope-write = Post, edit, delete and react in your name, and change your profile
scope-follow = Follow and unfollow, block and mute in your name
scope-push = Send you notifications
scope-profile = See your name and picture
scope-read-statuses = Read posts that you can read
scope-read-accounts = See your account and others'
scope-read-notifications = Read your notifications
scope-read-follows = See your follows and followers
scope-read-search = Search in your name
scope-write-statuses = Post, edit and delete in your name
scope-write-media = Upload pictures
scope-write-favourites = Favourite in your name
scope-write-follows = Follow and unfollow in your name
scope-write-accounts = Change your profile
scope-read-other = Read some of your lists and settings
scope-write-other = Change some of your lists and settings
