"""A channel without a platform: villager, headman and group in one terminal, for playing, training and transcripts."""
