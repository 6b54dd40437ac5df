"""The words of the judge: frozen values that every other layer passes around, and nothing that acts."""
