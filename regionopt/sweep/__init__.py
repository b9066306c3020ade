"""Many runs: from numbers of runs to streamed tables, on all cores or a cluster."""
