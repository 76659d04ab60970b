"""The model as readers take it away: sentences, records, tables, citations, pictures, files."""
