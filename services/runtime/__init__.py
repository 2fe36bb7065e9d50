"""What any process needs in order to run; knows no domain noun, no service and no contract."""
