"""The only door to the network: transport with retries and deadlines, the error tree, redaction."""
