"""What services share: published events, topics, schemas, examples, OpenAPI and AsyncAPI."""
