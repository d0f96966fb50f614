"""Reports: questions to the records that are kept, run and handed on."""
