"""Maps as pictures: SVG straight from coordinates, and PNG of it, made without a browser."""
