def _generate_suggestions(candidates, item: str, /):
    """Returns the candidate in candidates that's closest to item"""
