"""The conflict graph as files: for Graphviz, Mermaid, networkx, D3, or a browser."""
