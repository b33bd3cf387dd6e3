"""Reports: tables, and the documents that customers get."""
