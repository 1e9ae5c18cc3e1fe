"""What is wrong: content, policies, staff lists or returned forms come in, problems go out."""
