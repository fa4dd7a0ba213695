"""Chinese as people say it: times, numbers, names, danger words. Pure, runs on Python 3.10 and newer."""
