"""What stands in for a hypervisor, a volume back end and the agents of a network."""
