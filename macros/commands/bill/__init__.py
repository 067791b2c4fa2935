"""A month's bill: worked out, run to its end or taken up again, its workbooks, papers, words and what is kept of it."""
