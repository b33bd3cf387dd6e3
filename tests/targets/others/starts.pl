# Starts children, prints, and ends with a status of its own.
$| = 1;
print "child: ", `echo output`, system("sh", "-c", "exit 4") >> 8, "\n";
my $pid = fork // die;
if (!$pid) { print "forked\n"; kill "KILL", $$; }
waitpid $pid, 0;
print $? & 127, "\n";
open my $pipe, "-|", "sh", "-c", "echo piped" or die;
print <$pipe>;
{ local %ENV; print system("/bin/true"), "\n"; }
$! = 5;
die "an error\n";
