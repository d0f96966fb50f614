"""What leaves the program to be read elsewhere: exports, saved views and reports."""
