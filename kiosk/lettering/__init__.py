"""Letters of every script we show: which writing a text is in, and which font draws it. For screen and slip alike."""
