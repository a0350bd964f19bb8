"""What makes the TPs: data generators, expert answers, the students' kit. Not in that kit."""
