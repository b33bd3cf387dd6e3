"""Unit tests beside the features: any runner of unittest's test cases can run them."""
