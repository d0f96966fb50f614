"""One sync of JumpCloud's users with dlt; run by its own environment, knows nothing of saasdesk."""

import sys
from pathlib import Path

import dlt
from dlt.sources.rest_api import rest_api_source


def sync(folder: str, base_url: str, key: str) -> None:
    """As dlt's guide does it: a declared REST source, merged as slowly changing dimension, which keeps history."""
    source = rest_api_source(
        {
            "client": {
                "base_url": base_url,
                "headers": {"x-api-key": key},
                "paginator": {
                    "type": "offset",
                    "limit": 100,
                    "offset_param": "skip",
                    "limit_param": "limit",
                    "total_path": "totalCount",
                },
            },
            "resources": [
                {
                    "name": "users",
                    "primary_key": "_id",
                    "write_disposition": {"disposition": "merge", "strategy": "scd2"},
                    "endpoint": {"path": "api/systemusers", "data_selector": "results", "params": {"sort": "_id"}},
                }
            ],
        }
    )
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.sqlalchemy(f"sqlite:///{Path(folder, 'dlt.db')}"),
        dataset_name="main",
        pipelines_dir=str(Path(folder, "pipelines")),
    )
    pipeline.run(source)


if __name__ == "__main__":
    sync(*sys.argv[1:4])
