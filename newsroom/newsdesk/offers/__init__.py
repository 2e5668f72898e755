"""What readers get without a contract: the meter, day passes, single stories."""
