"""From words of a passage to a claim: proposals, claims as forms, candidate rooms, changes told."""
