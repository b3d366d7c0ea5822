"""`make bench`: how fast Savoir is, beside a bare Rasa bot driven with as many customers in the same run."""
