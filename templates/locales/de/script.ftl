script-text-left = Noch 0 Zeichen
script-text-unsaved = Nicht gespeichert
script-text-uploading = Wird hochgeladen:
script-text-emoji = Emoji
script-text-suggestions = Vorschläge
script-text-cancel = Abbrechen
script-text-close = Schließen
script-text-open = Öffnen
script-text-replied = Deine Antwort ist veröffentlicht.
script-saved = Als Entwurf gespeichert
script-focus = Sichtbar bleibt
script-focus-centre = Mitte
script-focus-top = Oben
script-focus-bottom = Unten
script-focus-left = Links
script-focus-right = Rechts
script-focus-top-left = Oben links
script-focus-top-right = Oben rechts
script-focus-bottom-left = Unten links
script-focus-bottom-right = Unten rechts
script-focus-chosen = Gewählter Punkt
script-suggestions =
    { $count ->
        [one] { $count } Vorschlag
       *[other] { $count } Vorschläge
    }
script-publish-at = Später veröffentlichen ({ $zone })
script-zone = Zeitzone
script-zone-hint = Die Zeiten auf deinen Seiten sind in dieser Zone, zum Beispiel Europe/Berlin.
