"""What is written to disk: the data folder, the database with its migrations, the token of our own routes."""
