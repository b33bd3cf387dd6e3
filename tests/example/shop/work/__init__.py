"""Work that is done elsewhere: in worker processes, in children, in coroutines."""
