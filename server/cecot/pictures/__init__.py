"""Pictures of what is said, drawn as SVG: links inside, no script, always the same bytes."""
