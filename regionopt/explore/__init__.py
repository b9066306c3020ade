"""`result.explore(…)`: a folium map with GeoPandas' argument names, open to other layers, without a network."""
