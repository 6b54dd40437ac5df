"""What of the engine for clusters can be tested without one."""
