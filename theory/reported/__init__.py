"""The numbers that the paper prints, table by table, on trial as claims."""
