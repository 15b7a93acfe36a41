"""What results say of a country: averages by department, and later the impact of reforms."""
