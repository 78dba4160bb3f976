"""Foundation: plumbing every room stands on. It knows Flask and SQLAlchemy, and not one word of the domain."""
