"""What failures teach: root causes, probes, rules mined and vetted, corrections, and the training of the policy."""
