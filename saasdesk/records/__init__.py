"""People, SaaS applications, SaaS users, licences and assets: how they are read, and the one way to write them."""
