"""Maps as single HTML files: boundaries, shapes, Leaflet without a network, the page."""
