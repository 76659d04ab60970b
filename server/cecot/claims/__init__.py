"""The one model: claim, thing, passage, and what is searched, listed and asked of them."""
