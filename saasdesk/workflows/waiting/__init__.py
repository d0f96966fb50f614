"""Records that stop on their way through a workflow and go on later: the time has come, somebody answered."""
