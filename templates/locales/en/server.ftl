xray-title = X-ray
xray-problem = The document could not be fetched from its server: { $reason }
xray-delivery = Delivery
xray-delivered =
    Delivered to { $arrived } of { $count ->
        [one] { $count } server
       *[other] { $count } servers
    }.
xray-server = Server
xray-state = State
xray-delivered-at-html = delivered { $time }
xray-failed = failed: { $error }
xray-waiting-after = waiting; the last attempt failed: { $error }
xray-waiting = waiting
xray-not-sent = This post was not sent to other servers.
xray-result = Result
xray-provided = provided that { $condition }
xray-checks = Checks
xray-passed = passed
xray-check-failed = failed
xray-document = Document
server-title = Server
server-disk-full = The disk is nearly full: activities of other servers are refused until at least { $size } are free.
server-queues = Queues
server-deliveries = Deliveries
server-activities = Activities
server-jobs = Jobs
server-waiting = { $count } waiting
server-waiting-parked = { $count } waiting, { $parked } given up
server-storage = Storage
server-database = Database
server-free = Free disk
server-posts = Own posts
server-servers = Known servers
server-version = Version
server-failed-deliveries = Servers that could not be reached
server-failed-jobs = Jobs that failed
server-failed-activities = Activities that were given up
server-job = Job
server-attempts = Attempts
server-last-error = Last error
server-no-errors = No errors: everything that was due is done.
