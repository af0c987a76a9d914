"""The Veilig Almere project: settings, addresses, pages and the editorial floor."""
