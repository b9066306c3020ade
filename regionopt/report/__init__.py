"""Reports: one document of what a result says, made from its written files, and a writer for each format."""
