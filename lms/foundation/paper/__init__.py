"""The print kit: pages laid out in millimetres, then painted as tagged PDF that is the same on every run."""
