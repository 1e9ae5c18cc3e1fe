"""What every format writes: a blank form, the policy, a comparison, and the stamp of each."""
