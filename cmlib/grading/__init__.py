"""The trainer's side: from what students hand in to nbgrader's gradebook and feedback. Not in the student's kit."""
