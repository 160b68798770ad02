# Catching up, and posts in frames of other sites
catch-up-title = Catch up
catch-up-summary-html =
    { $count ->
        [one] { $n } post from others since { $since }. Who wrote least comes first.
       *[other] { $n } posts from others since { $since }. Who wrote least comes first.
    }
catch-up-cut-html = The newest { $n } posts from others since { $since }. Who wrote least comes first.
catch-up-since-visit = Since my last visit
catch-up-hours =
    { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
catch-up-kinds = Kinds of posts
catch-up-authors = Authors
catch-up-posts = Posts
catch-up-replies = Replies
catch-up-boosts = Boosts
catch-up-boosted-by = Boosted by { $names }
catch-up-end = That is everything.
catch-up-home = Home
catch-up-empty = Nothing new here.
embed-title = Embed
embed-label = To show this post on another website, copy this code into its page:
embed-preview = See how it looks
embed-absent-title = Post not available
embed-absent = This post is not available: it was deleted, or it is not public.
embed-open = Open on { $site }
