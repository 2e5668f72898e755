"""What was agreed, said in other tongues: plain words, and the rights language of the W3C and the IPTC."""
