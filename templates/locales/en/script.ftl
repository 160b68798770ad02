script-text-left = 0 characters left
script-text-unsaved = Not saved
script-text-uploading = Uploading
script-text-emoji = Emoji
script-text-suggestions = Suggestions
script-text-cancel = Cancel
script-text-close = Close
script-text-open = Open
script-text-replied = Your reply is published.
script-saved = Saved as a draft
script-focus = Keep in view
script-focus-centre = Centre
script-focus-top = Top
script-focus-bottom = Bottom
script-focus-left = Left
script-focus-right = Right
script-focus-top-left = Top left
script-focus-top-right = Top right
script-focus-bottom-left = Bottom left
script-focus-bottom-right = Bottom right
script-focus-chosen = Chosen point
script-suggestions =
    { $count ->
        [one] { $count } suggestion
       *[other] { $count } suggestions
    }
script-publish-at = Publish later, at ({ $zone })
script-zone = Time zone
script-zone-hint = Times on your pages are in this zone, for example Europe/Berlin.
