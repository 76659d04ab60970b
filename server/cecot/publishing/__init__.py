"""What the dataset tells the world of itself: addresses, catalogues, downloads, citations."""
