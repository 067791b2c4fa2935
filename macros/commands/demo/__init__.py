"""The demonstration: the whole job on the sample city, and the page that shows what came of it."""
