"""What a new site holds on its first day: a page tree with true texts, which editors then make their own."""
