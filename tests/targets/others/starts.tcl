# Starts children, prints, and ends with a status of its own.
puts [exec echo child | cat]
puts [catch {exec sh -c "echo problem >&2; exit 4"} message options]
puts "$message [lindex [dict get $options -errorcode] 2]"
puts stderr "an error"
exit 5
