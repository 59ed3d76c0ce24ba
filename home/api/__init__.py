"""The read-only interface for programs, version 1: the public registry as JSON, and its OpenAPI document."""
