"""What is kept: the data folder, the database with its migrations, blobs, the token of our own routes."""
