"""A channel without a platform: phones and groups on a web page, for trying, showing and training."""
