"""The plan and its reports on paper: tagged PDF, made by typst."""
