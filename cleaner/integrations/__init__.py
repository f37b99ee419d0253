"""Ways into other tools, each behind an extra. Nothing else in the package imports from here.

Every one of them rests on `records.clean_record`, so that a record comes out as `cleaner clean -`
writes it, whatever tool it went through.
"""
