"""Review spreadsheets: claims exported to CSV or Excel, and edited copies imported again."""
