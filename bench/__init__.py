"""`sealane bench`: named scenarios, measured in rounds, beside what a user would pick instead."""
