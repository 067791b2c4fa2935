"""What the register says in numbers: on-time rates, forecasts, appraisal, the province's cities."""
