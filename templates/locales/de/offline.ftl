offline-title = Keine Verbindung
offline-text = Dein Server ist nicht erreichbar. Was du geschrieben hast, bleibt im Browser.
offline-again = Noch einmal versuchen
