"""Files of any size against the rules of the standard: reading, checking, masking, scanning, synthesis."""
