"""Pictures as SVG, Mermaid and DOT, and the layout that the map's page shares with them."""
