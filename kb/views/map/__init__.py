"""A picture as one page that needs no network: template, style and scripts lie beside the modules."""
