"""Ready-made queries for the metrics of well-known exporters and operators.

Sources: velero pkg/metrics/metrics.go; ngosang/restic-exporter;
woblerr/pgbackrest_exporter; cloudnative-pg and the Barman Cloud plugin, "Monitoring".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backup_badge.provider import State

ONE_IS_GOOD = {"1": State.SUCCEEDED, "0": State.FAILED}

_CNPG = (
    '{{__name__=~"(cnpg_collector|barman_cloud_cloudnative_pg_io)'
    '_last_{}_backup_timestamp"}}'
)

# Several clusters, paths or hosts may have one name: the one that lags behind counts,
# or a fresh one would hide it.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    # Not velero_backup_last_status: it is set to 1 whenever a schedule is looked at.
    "velero": {
        "key": "schedule",
        "finished": "min by (schedule) (velero_backup_last_successful_timestamp)",
    },
    # The time of a snapshot, which says nothing of what was left out.
    "restic": {
        "key": "client_hostname",
        "finished": "min by (client_hostname) (max by (client_hostname, snapshot_paths)"
        " (restic_backup_timestamp))",
    },
    # Of full, differential and incremental backups the newest counts. 0.5: one of them
    # has page checksum errors, and nothing else is wrong.
    "pgbackrest": {
        "key": "stanza",
        "finished": "min by (stanza) (max by (stanza, instance)"
        " (time() - pgbackrest_backup_since_last_completion_seconds))",
        "word": "max by (stanza) (pgbackrest_stanza_status"
        " or 0.5 * pgbackrest_backup_last_error_status) unless on (stanza)"
        " max by (stanza) (pgbackrest_exporter_status == 0)",
        "states": {
            "0": State.SUCCEEDED,
            "0.5": State.COMPLETED_WITH_ERRORS,
            "1": State.FAILED,
            "2": State.FAILED,
            "3": State.FAILED,
            "4": State.COMPLETED_WITH_ERRORS,
            "5": State.COMPLETED_WITH_ERRORS,
            "6": State.UNKNOWN,
            "99": State.UNKNOWN,
        },
    },
    # The operator's own metrics, or those of the plugin Barman Cloud: the others are 0.
    # The operator's PodMonitor makes the label: NAMESPACE/CLUSTER.
    "cnpg": {
        "key": "job",
        "finished": f"max by (job) ({_CNPG.format('available')})",
        "word": f"max by (job) ({_CNPG.format('available')})"
        f" >= bool max by (job) ({_CNPG.format('failed')})",
        "states": ONE_IS_GOOD,
    },
    # What a job writes for node-exporter's textfile collector.
    "node": {
        "key": "name",
        "finished": "min by (name) (backup_last_success_timestamp_seconds)",
    },
}
"""Ready-made queries, none of which uses a metric that is known to lie."""
