drafts-title = Drafts
drafts-heading = Drafts and scheduled posts
drafts-tabs = Posts that wait
drafts-scheduled = Scheduled
drafts-no-text-yet = No text yet
drafts-no-text = No text
drafts-saved-html = Saved { $time }
drafts-continue = Continue
drafts-delete = Delete
drafts-older = Older drafts
drafts-empty = No drafts. Press “Save draft” below a post to finish it later. A post that could not be published is kept here too.
drafts-write = Write a post
drafts-reply = Reply
drafts-quote = Quote
drafts-poll = Poll
drafts-pictures =
    { $count ->
        [one] { $count } picture
       *[other] { $count } pictures
    }
scheduled-title = Scheduled posts
scheduled-failed = It could not be published: { $reason }
scheduled-due-html = Publishes { $time }
scheduled-was-due-html = Was due { $time }
scheduled-edit = Edit
scheduled-cancel = Cancel
scheduled-older = Older scheduled posts
scheduled-empty = No scheduled posts. To schedule one, choose a time under “Warning, pictures, poll and more”.
