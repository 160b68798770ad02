offline-title = No connection
offline-text = Your server cannot be reached. Reload this page when you are online again; what you have written is kept in the browser.
