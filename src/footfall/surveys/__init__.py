"""Surveys: what is asked, when and of whom, and what people answered. Answers are people's own
words: they are kept here, transactional, and never reach the warehouse or a log."""
