"""The whole line: commands, platform processes and reports together, as a user meets them."""
