"""Following the site: by e-mail without an account, or with a feed reader."""
