"""What this machine cannot run is not collected."""

from tests.sdk_package import has_node

collect_ignore = [] if has_node() else ["test_sdk.py", "test_sdk_readme.py"]
