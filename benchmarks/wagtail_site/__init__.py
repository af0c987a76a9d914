"""A minimal Wagtail site with the same content, to compare with."""
