"""Forms that web pages show: sites with their keys and domains, the forms of a site, and keys of
integrations that send in a form's place. What people send belongs to `leads`."""
