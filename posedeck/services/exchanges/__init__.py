"""What can be done with the record of an exchange: send it again, copy it as curl or Python, export it as HAR."""
