def pytest_configure(config):
    config.addinivalue_line("markers", "full: slow; left out of tools/test, played by tools/check")
