offline-title = No connection
offline-text = Your server cannot be reached. What you have written is kept in the browser.
offline-again = Try again
