"""`sealane bench`: named scenarios, measured in rounds and compared with alternatives."""
