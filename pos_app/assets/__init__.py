"""What the till is delivered with beside its code; sounds are rendered at set-up."""
