# Times.
date-day =
    { $day }. { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] Apr.
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[12] Dez.
    } { $year }
date-full = { date-day }, { $time } { $zone }

# Numbers and sizes.
number-thousands = { $n } Tsd.
number-millions = { $n } Mio.
size-bytes = { $n } Byte
size-kilobytes = { $n } KB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB
