"""Stand-ins for a hypervisor, a volume back end and network agents."""
