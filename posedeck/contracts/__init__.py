"""Wire contracts: one package per vendor with its models, error table and the way between wire and domain."""
